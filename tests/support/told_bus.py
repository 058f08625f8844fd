"""A bus that remembers what it was told, and can be out of order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

from kernel.commands import Command
from kernel.events import StoredEvent


class ToldBus:
    """Only its publishing side works: what a reader hears is the real buses' test."""

    def __init__(self) -> None:
        self.told: list[StoredEvent] = []
        self.failures = 0
        self._failing = False
        self._changed = asyncio.Condition()

    async def publish_event(self, event: StoredEvent) -> None:
        async with self._changed:
            if self._failing:
                self.failures += 1
            else:
                self.told.append(event)
            self._changed.notify_all()
        if self._failing:
            raise ConnectionError("the bus is out of order")

    async def fails(self, failing: bool) -> None:
        self._failing = failing

    async def hears(self, count: int) -> list[StoredEvent]:
        """What was told, once it is ``count`` events."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self.told) >= count)
        return list(self.told)

    async def has_failed(self) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: self.failures > 0)

    async def publish_command(self, command: Command) -> None:
        raise NotImplementedError

    def events(self) -> AbstractAsyncContextManager[AsyncIterator[StoredEvent]]:
        raise NotImplementedError

    def commands(self) -> AbstractAsyncContextManager[AsyncIterator[Command]]:
        raise NotImplementedError

    async def close(self) -> None:
        return
