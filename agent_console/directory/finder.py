"""The directory in this console's memory, as the store has it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from crm.directory.index import MOST, Hit, Index
from crm.directory.usage import REMEMBERED, USED, Usage
from crm.store import Store
from kernel.events import EventKind, StoredEvent
from kernel.ports import Clock

MOST_TRANSFERS = 200_000
"""Of those remembered; a centre of this size makes them in some years."""


class Finder:
    """Made anew after each DIRECTORY_CHANGED, by whoever looks first; counts each transfer as it is told."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._index = Index(())
        self._current = False
        self._usage: Usage | None = None
        self._heard: list[StoredEvent] = []
        self._making = asyncio.Lock()

    def heard(self, stored: StoredEvent) -> None:
        """Something has happened (``Hub.listen``)."""
        if stored.event.kind is EventKind.DIRECTORY_CHANGED:
            self.forget()
        if self._usage:
            self._usage.note(stored)
        elif stored.event.kind is USED:
            self._heard.append(stored)

    def forget(self) -> None:
        """The directory has changed."""
        self._current = False

    async def index(self) -> Index:
        """That of the directory as it is."""
        async with self._making:
            while not self._current:
                self._current = True  # until something changes, which may be while it is read
                try:
                    kept = await self._store.directory.all()
                    self._index = await asyncio.to_thread(Index, [one.entry for one in kept])
                except BaseException:
                    self._current = False
                    raise
            return self._index

    async def find(self, typed: str, operator: str, most: int = MOST) -> Sequence[Hit]:
        """The best ``most`` entries for what ``operator`` has typed."""
        index, usage = await self.index(), await self._used()
        return index.find(typed, usage, operator, most)

    async def _used(self) -> Usage:
        if self._usage is None:
            since = self._clock() - REMEMBERED
            read = Usage(await self._store.events.of_kinds({USED}, since, MOST_TRANSFERS))
            for stored in self._heard:
                read.note(stored)
            self._usage, self._heard = read, []
        return self._usage
