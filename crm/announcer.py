"""Tells the bus what has been committed. SQL is the truth: a bus that fails delays the news and loses none."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence

import structlog

from kernel.events import StoredEvent
from kernel.ports import Bus

log = structlog.get_logger(__name__)

KEPT = 10_000
"""Events that wait for the bus. Older ones may go: a reader that sees a gap reads the log."""

FIRST_RETRY_SECONDS = 0.05
LAST_RETRY_SECONDS = 2.0
PARTING_SECONDS = 2.0


class Announcer:
    """Publishes in the order in which it is told, from one named task; without a bus it is silent."""

    def __init__(self, bus: Bus | None) -> None:
        self._bus = bus
        self._waiting: deque[StoredEvent] = deque(maxlen=KEPT)
        self._news = asyncio.Event()
        self._said = asyncio.Event()
        self._said.set()
        self._failing = False
        self._task = asyncio.create_task(self._publish(bus), name="announce events") if bus else None

    def announce(self, stored: Sequence[StoredEvent]) -> None:
        """Publish ``stored``, which is committed; returns at once."""
        if stored and self._task:
            self._waiting.extend(stored)
            self._said.clear()
            self._news.set()

    async def close(self) -> None:
        """Say what is still to be said, but don't wait long for a bus that is gone."""
        if self._task is None:
            return
        try:
            async with asyncio.timeout(PARTING_SECONDS):
                await self._said.wait()
        except TimeoutError:
            log.warning("the bus did not take the last news; readers find it in the log", events=len(self._waiting))
        self._task.cancel()
        await asyncio.wait({self._task})

    async def _publish(self, bus: Bus) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            while self._waiting:
                await self._deliver(bus, self._waiting[0])
            self._said.set()

    async def _deliver(self, bus: Bus, stored: StoredEvent) -> None:
        pause = FIRST_RETRY_SECONDS
        while self._waiting and self._waiting[0] is stored:  # else it was pushed out by newer ones
            try:
                await bus.publish_event(stored)
            except Exception as wrong:
                self._failed(wrong)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LAST_RETRY_SECONDS)
            else:
                self._worked()
                self._take(stored)

    def _take(self, stored: StoredEvent) -> None:
        if self._waiting and self._waiting[0] is stored:
            self._waiting.popleft()

    def _failed(self, wrong: Exception) -> None:
        if not self._failing:
            self._failing = True
            log.error("the bus takes no news; trying again until it does", error=f"{type(wrong).__name__}: {wrong}")

    def _worked(self) -> None:
        if self._failing:
            self._failing = False
            log.info("the bus takes news again")
