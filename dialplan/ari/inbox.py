"""Where events wait for their reader."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Generic, Self, TypeVar

from dialplan.ari.errors import Ended
from dialplan.ari.events import Event

LIMIT = 1000
"""Events that may wait in one inbox; a reader that is further behind has lost touch with the calls."""

E = TypeVar("E", bound=Event)


class Inbox(Generic[E]):
    """Events in the order in which Asterisk sent them, from the moment that the inbox was made. Use ``with``."""

    def __init__(self, leave: Callable[[Inbox[E]], None], limit: int = LIMIT) -> None:
        self._leave = leave
        self._limit = limit
        self._events: deque[E] = deque()
        self._ended: Ended | None = None
        self._changed = asyncio.Event()

    def __len__(self) -> int:
        """Events that wait."""
        return len(self._events)

    async def get(self) -> E:
        """The next event. Raises ConnectionLost once all that came before the loss has been read."""
        while not self._events:
            if self._ended:
                raise self._ended.error()
            self._changed.clear()
            await self._changed.wait()
        return self._events.popleft()

    def put(self, event: E) -> bool:
        """Never waits; False when the inbox is full, which means that its reader has missed the event."""
        if len(self._events) >= self._limit:
            return False
        self._events.append(event)
        self._changed.set()
        return True

    def end(self, ended: Ended) -> None:
        """No event will come any more."""
        self._ended = self._ended or ended
        self._changed.set()

    def close(self) -> None:
        """Stop listening; harmless when done twice."""
        self._leave(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
