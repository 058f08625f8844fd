"""One connection to Asterisk after the other."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable, Callable

import structlog

from dialplan.ari import metrics
from dialplan.ari.backoff import STEADY_SECONDS, delay_seconds
from dialplan.ari.client import Ari, connect
from dialplan.ari.errors import AriError, Ended, Replaced, Why
from kernel.settings import Ari as AriSettings

log = structlog.get_logger(__name__)

Sleep = Callable[[float], Awaitable[None]]


async def connections(
    settings: AriSettings, password: str, *, sleep: Sleep = asyncio.sleep
) -> AsyncGenerator[Ari, None]:
    """Connect, and again whenever the body of the ``async for`` is through, until the generator is closed.

    Nothing is replayed by Asterisk, so the body reads the whole state anew each time. Every failure is logged with what
    to do; the waits between tries grow. Raises Replaced when another controller has taken the application: going on
    here would take it back from there, and so on. Use ``contextlib.aclosing``.
    """
    loop = asyncio.get_running_loop()
    failures = 0
    while True:
        began = loop.time()
        try:
            async with connect(settings, password) as ari:
                yield ari
            ended = ari.ended
        except AriError as error:
            metrics.FAILED_CONNECTS.inc()
            log.error("not connected to Asterisk", why=str(error), failures=failures + 1)
            ended = None
        if ended is not None and ended.why is Why.REPLACED:
            raise Replaced(ended)
        failures = 0 if _was_steady(ended, loop.time() - began) else failures + 1
        delay = delay_seconds(failures, random.random())  # noqa: S311
        log.info("connecting to Asterisk again", in_seconds=round(delay, 2))
        await sleep(delay)


def _was_steady(ended: Ended | None, seconds: float) -> bool:
    return ended is not None and seconds >= STEADY_SECONDS
