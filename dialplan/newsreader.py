"""Following the log over all connections."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing

import structlog

from kernel.events import Event
from kernel.news import news
from kernel.ports import Bus, EventLog

log = structlog.get_logger(__name__)

RETRY_SECONDS = 1.0


class Newsreader:
    """``last`` is the id of the newest event that was acted on."""

    def __init__(self, bus: Bus, events: EventLog) -> None:
        self._bus = bus
        self._events = events
        self.last = 0

    async def run(self, act_on: Callable[[Event], Awaitable[None]]) -> None:
        """Follow the log, for ever. A store that can't be read delays the news; calls go on."""
        while True:
            try:
                async with aclosing(news(self._bus, self._events, self.last)) as coming:
                    async for stored in coming:
                        await act_on(stored.event)
                        self.last = stored.id
            except Exception:
                log.exception("the news can't be read; trying again", after=self.last)
                await asyncio.sleep(RETRY_SECONDS)
