"""The bus within one process."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Generic, TypeVar

from kernel.bus.errors import BusClosed
from kernel.commands import CLICK_LIFETIME, Command
from kernel.events import StoredEvent
from kernel.ports import Lagged

T = TypeVar("T")

COMMANDS_KEPT = 1_000
CAPACITY = 10_000
"""Messages that wait for one reader before it counts as lagging."""


class MemoryBus:
    """kernel.ports.Bus without a server; publishing never waits for a reader."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._events = _Fan[StoredEvent](capacity)
        self._commands = _Fan[Command](capacity)
        self._latest: deque[tuple[float, Command]] = deque(maxlen=min(capacity // 2, COMMANDS_KEPT))

    async def publish_event(self, event: StoredEvent) -> None:
        """Tell all who subscribe to events. Raises BusClosed."""
        self._events.publish(event)

    async def publish_command(self, command: Command) -> None:
        """Tell all who subscribe to commands. Raises BusClosed."""
        self._commands.publish(command)
        self._latest.append((asyncio.get_running_loop().time(), command))

    @asynccontextmanager
    async def events(self) -> AsyncGenerator[AsyncIterator[StoredEvent]]:
        """What is published from now on."""
        with self._events.subscribe() as inbox:
            yield inbox

    @asynccontextmanager
    async def commands(self) -> AsyncGenerator[AsyncIterator[Command]]:
        """What was published in the last CLICK_LIFETIME, and what is published from now on."""
        since = asyncio.get_running_loop().time() - CLICK_LIFETIME.total_seconds()
        with self._commands.subscribe() as inbox:
            for at, command in self._latest:
                if at >= since:
                    inbox.put(command)
            yield inbox

    async def unready(self) -> str | None:
        """Why the bus can't be used now, for /readyz."""
        return "the bus is closed" if self._events.closed else None

    async def close(self) -> None:
        """End every subscription with BusClosed."""
        self._events.close()
        self._commands.close()


class _Fan(Generic[T]):
    """Copies each message to every inbox."""

    def __init__(self, capacity: int) -> None:
        self.closed = False
        self._capacity = capacity
        self._inboxes: set[_Inbox[T]] = set()

    def publish(self, message: T) -> None:
        if self.closed:
            raise BusClosed("the bus is closed")
        for inbox in self._inboxes:
            inbox.put(message)

    def subscribe(self) -> _Inbox[T]:
        if self.closed:
            raise BusClosed("the bus is closed")
        return _Inbox(self._inboxes, self._capacity)

    def close(self) -> None:
        self.closed = True
        for inbox in self._inboxes:
            inbox.fail(BusClosed("the bus is closed"))


class _Inbox(AsyncIterator[T]):
    """What one reader has still to read. Once it has overflowed, all of it is dropped and the reader is told."""

    def __init__(self, inboxes: set[_Inbox[T]], capacity: int) -> None:
        self._inboxes = inboxes
        self._capacity = capacity
        self._waiting = deque[T]()
        self._failure: Exception | None = None
        self._changed = asyncio.Event()

    def __enter__(self) -> _Inbox[T]:
        self._inboxes.add(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._inboxes.discard(self)

    def put(self, message: T) -> None:
        if self._failure:
            return
        if len(self._waiting) == self._capacity:
            self.fail(Lagged(f"the reader was {self._capacity} messages behind"))
            return
        self._waiting.append(message)
        self._changed.set()

    def fail(self, failure: Exception) -> None:
        self._failure = failure
        self._waiting.clear()
        self._changed.set()

    async def __anext__(self) -> T:
        while not self._waiting:
            if self._failure:
                raise self._failure
            self._changed.clear()
            await self._changed.wait()
        return self._waiting.popleft()
