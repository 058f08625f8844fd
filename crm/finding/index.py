"""The index of one console, in memory: signatures and what else is asked for. Pure.

A history is found by its own words and by those of its case together; a case by its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from crm.finding.bits import BYTES, STRONG, Marks
from crm.finding.columns import Columns
from crm.finding.grams import grams_of_word
from crm.finding.matrix import Bools, Matrix, Slots
from crm.finding.query import Asked, Kind

WORTH_SECONDS = 90 * 86_400
"""A document with all words in its subject, name or number stands where one of 90 days later without that would."""

SLOT_BITS = 24
"""A place in the order of answers is one number: seconds, then the slot, so that no two are the same."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One signature and what is known of its document.

    ``first_slot`` is that of the document's first passage, ``case_slot`` that of its case (its own, for a case). ``at``
    is when the history was written, or the case opened.
    """

    slot: int
    first_slot: int
    case_slot: int
    at: datetime
    bits: bytes
    author: str | None = None
    queue: str | None = None
    outcome: str | None = None
    status: str | None = None
    department: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """``total`` documents seem to fit; ``places`` are the best of them, best first, as places in the order."""

    total: int
    places: Slots

    def slots(self) -> Slots:
        """Which documents they are."""
        return self.places & ((1 << SLOT_BITS) - 1)


class Index:
    """Some 550 bytes for a document."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        self._matrix = Matrix()
        self._columns = Columns()

    @property
    def size(self) -> int:
        """Signatures held."""
        return self._columns.filled

    @property
    def bytes_held(self) -> int:
        """Memory of the arrays."""
        return self._matrix.bytes_held + self._columns.bytes_held

    def put(self, entries: Sequence[Entry]) -> None:
        """Add ``entries``, or replace those of the same slot."""
        newest = sorted({entry.slot: entry for entry in entries}.values(), key=lambda entry: entry.slot)
        if not newest:
            return
        slots = np.array([entry.slot for entry in newest], dtype=np.int64)
        bits = np.frombuffer(b"".join(entry.bits for entry in newest), dtype=np.uint8).reshape(len(newest), BYTES)
        self._matrix.put(slots, bits)
        self._columns.put(slots, newest)

    def find(self, asked: Asked, most: int, after: int | None = None) -> Answer:
        """Up to ``most`` of the documents that seem to answer ``asked``, from behind the place ``after`` on."""
        found, strong = self._fitting(asked)
        slots = np.flatnonzero(found)
        places = (self._columns["at"][slots] + strong[slots] * WORTH_SECONDS << SLOT_BITS) + slots
        left = places if after is None else places[places < after]
        best = np.partition(left, len(left) - most)[-most:] if len(left) > most else left
        return Answer(len(slots), np.sort(best)[::-1])

    def _fitting(self, asked: Asked) -> tuple[Bools, Bools]:
        """Which documents fit, and where all words are in subject, name or number."""
        found, strong = self._asked_for(asked), np.ones(self._columns.size, dtype=np.bool_)
        own = np.full(self._columns.size, asked.any_history)
        for word in asked.words:
            grams = grams_of_word(word)
            here = self._of_documents(self._marks.of(grams))
            found &= here | here[self._columns["case"]]
            own |= here
            best = self._of_documents(self._marks.of(STRONG + gram for gram in grams))
            strong &= best | best[self._columns["case"]]
        return found & own, strong

    def _of_documents(self, bits: Sequence[int]) -> Bools:
        """Where all ``bits`` are set in one of a document's passages, told at its first."""
        hits = self._matrix.hits(bits, self._columns.size)
        further = self._columns.further
        hits[self._columns["first"][further[hits[further]]]] = True
        return hits

    def _asked_for(self, asked: Asked) -> Bools:
        """The documents, not their further passages, that the filters let through."""
        columns = self._columns
        kept = columns.first.copy()
        if asked.kind is Kind.CASE:
            kept &= columns.cases
        elif not asked.cases_too or not asked.words:
            kept &= ~columns.cases
        for name in ("author", "queue", "outcome"):
            if value := getattr(asked, name):
                kept &= columns[name] == columns.code(value)
        for name in ("status", "department"):
            if value := getattr(asked, name):
                kept &= columns[name][columns["case"]] == columns.code(value)
        if asked.begins:
            kept &= columns["at"] >= int(asked.begins.timestamp())
        if asked.ends:
            kept &= columns["at"] < int(asked.ends.timestamp())
        return kept
