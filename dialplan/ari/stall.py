"""Notice when the event loop stands still: Asterisk cuts off a reader that is slow for 100 ms."""

from __future__ import annotations

import asyncio

import structlog

from dialplan.ari import metrics

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.02
ALLOWED_SECONDS = 0.1


async def watch_for_stalls(allowed: float = ALLOWED_SECONDS) -> None:
    """Log and count each time that the event loop was not free for more than ``allowed`` seconds; never returns."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + LOOK_SECONDS
        await asyncio.sleep(LOOK_SECONDS)
        late = loop.time() - due
        if late > allowed:
            metrics.STALLS.inc()
            log.warning("the event loop stood still", milliseconds=round(late * 1000))
