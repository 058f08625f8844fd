"""Full-text search (C1): an index in memory that reads what is new before each answer.

So a history is findable as soon as it is committed, whichever process has saved it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import structlog

from crm.case_rows import CaseRows
from crm.database import Database
from crm.errors import StoreError
from crm.finding.excerpt import fits
from crm.finding.index import Answer, Entry, Index
from crm.finding.query import Asked
from crm.finding.reading import Found, Line, changed, documents, entry
from crm.finding.signatures import Signatures
from crm.sealing import SealBroken

log = structlog.get_logger(__name__)

BATCH = 1000
"""Signatures that are read at once: some 20 ms, in a thread of its own."""

COMPARED = 50
"""Documents that are opened at once to be compared with the words."""

MOST_COMPARED = 1000
"""Of those, for one page: a search with more false answers than that gives a shorter page, and the way on."""


class NotReady(StoreError):
    """The index is still being read; ``signatures`` are in it so far."""

    def __init__(self, signatures: int) -> None:
        super().__init__(f"the index is being read: {signatures} signatures so far")
        self.signatures = signatures


@dataclass(frozen=True, slots=True)
class Page:
    """``found``, best first. ``total`` counts what seems to fit; it is ``exact`` where all was compared.

    ``after`` is where the next page begins, None where there is none.
    """

    found: Sequence[Found]
    total: int
    exact: bool
    after: int | None


class Finding:
    """One for a process. ``load`` once, then ``search``."""

    def __init__(self, database: Database, rows: CaseRows, signatures: Signatures) -> None:
        self._database = database
        self._rows = rows
        self._signatures = signatures
        self._index = Index(signatures.marks)
        self._change = 0
        self._loaded = False
        self._one_reader = asyncio.Lock()

    @property
    def index(self) -> Index:
        return self._index

    async def load(self) -> None:
        """Read all signatures; other work goes on between two batches."""
        began = time.monotonic()
        await self._catch_up()
        self._loaded = True
        held, seconds = self._index.bytes_held // 1_000_000, round(time.monotonic() - began, 1)
        log.info("the search is ready", signatures=self._index.size, megabytes=held, seconds=seconds)

    async def search(self, asked: Asked, most: int, after: int | None = None) -> Page:
        """Up to ``most`` answers from behind the place ``after`` on. Raises NotReady, SealBroken."""
        answer = await self._ask(asked, MOST_COMPARED, after)
        found, compared, last = list[Found](), 0, None
        places = answer.places.tolist()
        while len(found) < most and compared < len(places):
            some = places[compared : compared + COMPARED]
            for place, one in zip(some, await self._compared(asked, answer, compared), strict=True):
                compared, last = compared + 1, place
                if one:
                    found.append(one)
                if len(found) == most:
                    break
        more = compared < len(places) or len(places) == MOST_COMPARED
        exact = after is None and not more
        return Page(found, len(found) if exact else answer.total, exact, last if more else None)

    async def every(self, asked: Asked, most: int) -> AsyncIterator[Found]:
        """Up to ``most`` answers, best first, read in small batches. Raises NotReady, SealBroken."""
        answer, given = await self._ask(asked, most, None), 0
        for start in range(0, len(answer.places), COMPARED):
            for one in await self._compared(asked, answer, start):
                if one and given < most:
                    given += 1
                    yield one

    async def _ask(self, asked: Asked, most: int, after: int | None) -> Answer:
        if not self._loaded:
            raise NotReady(self._index.size)
        await self._catch_up()
        return self._index.find(asked, most, after)

    async def _compared(self, asked: Asked, answer: Answer, start: int) -> list[Found | None]:
        """COMPARED answers from ``start`` on; None for each that only seemed to fit, or is no longer there."""
        places = answer.places[start : start + COMPARED].tolist()
        slots = answer.slots()[start : start + COMPARED].tolist()
        async with self._database.read() as connection:
            read = await documents(connection, self._rows, dict(zip(slots, places, strict=True)))
        there = {one.place: one for one in read if fits(asked, one.case, one.history)}
        return [there.get(place) for place in places]

    async def _catch_up(self) -> None:
        """Read what was written since, by any process."""
        async with self._one_reader:
            while True:
                async with self._database.read() as connection:
                    rows = await changed(connection, self._change, BATCH)
                if not rows:
                    return
                if self._loaded:  # few, and nobody is to find half of them
                    self._take(rows)
                else:
                    await asyncio.to_thread(self._take, rows)
                self._change = rows[-1][0]
                if len(rows) < BATCH:
                    return

    def _take(self, rows: Sequence[Line]) -> None:
        """What a signature that does not open would find is not found; all else is."""
        entries = list[Entry]()
        for row in rows:
            try:
                entries.append(entry(self._signatures, row))
            except SealBroken as broken:
                log.error("a text can't be found", error=str(broken))
        self._index.put(entries)
