"""The signatures as rows, written in the transaction that writes what they sign.

Each has the same length and is sealed as everything else is: the table tells nothing that cases and histories don't.
``slot`` is the document's column in every console's index, for good; ``change`` grows in the order of commits, so that
a console asks for what is new by one number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from crm.case_tables import signature_counts, signatures
from crm.finding.bits import Marks
from crm.finding.documents import FORM, Document, of_case, of_history
from crm.finding.grams import grams, grams_of_passage, passages
from crm.keyring import Keyring
from crm.sealing import Place, Sealer
from kernel.case import Case, History

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Signed:
    """A document's signatures, sealed: one for each passage."""

    document: str
    case: str
    sealed: tuple[bytes, ...]


class Signatures:
    """Makes and reads signatures with one keyring."""

    def __init__(self, keyring: Keyring) -> None:
        self._sealer = Sealer(keyring)
        self.marks = Marks(keyring.index)

    async def sign(self, connection: AsyncConnection, written: Case | History) -> None:
        """Make ``written`` findable, within a transaction of ``Database.in_turn`` that has just stored it."""
        await store(connection, [self.signed(written)], self._sealer.version)

    def signed(self, written: Case | History) -> Signed:
        """Some 0.2 ms of work for a text of 200 letters."""
        document = of_case(written) if isinstance(written, Case) else of_history(written)
        bits = [self.marks.signature(*found) for found in _grams(document)]
        sealed = tuple(self._sealer.seal_bytes(one, place(_id(document.id, part))) for part, one in enumerate(bits))
        return Signed(document.id, document.case, sealed)

    async def add_missing(self, connection: AsyncConnection, signed: Sequence[Signed]) -> None:
        """Store those of ``signed`` that nobody has signed meanwhile, in this form or a newer one."""
        asked = [one.document for one in signed]
        there = select(signatures.c.document).where(signatures.c.document.in_(asked), signatures.c.form >= FORM)
        done = set((await connection.execute(there)).scalars())
        await store(connection, [one for one in signed if one.document not in done], self._sealer.version)

    def open(self, id: str, sealed: bytes) -> bytes:
        """The bits of the row ``id``. Raises SealBroken."""
        return self._sealer.open_bytes(sealed, place(id))


def place(id: str) -> Place:
    """Where the bits of the row ``id`` lie."""
    return Place("signatures", "bits", id)


async def store(connection: AsyncConnection, signed: Iterable[Signed], key_version: int) -> None:
    """Insert or replace; each row that is written gets the next ``change``."""
    wanted = list(signed)
    if not wanted:
        return
    slots = await _slots(connection, wanted)
    ids = {_id(one.document, part) for one, part in _parts(wanted)}
    change = await _next(connection, "change", len(ids))
    slot = await _next(connection, "slot", len(ids) - len(slots.keys() & ids))
    rows = [_row(one, part, change + at, key_version) for at, (one, part) in enumerate(_parts(wanted))]
    for row in (row for row in rows if row["id"] in slots):
        await connection.execute(update(signatures).where(signatures.c.id == row["id"]).values(row))
    if new := [row | {"slot": slot + at} for at, row in enumerate(row for row in rows if row["id"] not in slots)]:
        await connection.execute(insert(signatures), new)
    for one in wanted:
        await _drop(connection, one, slots)


def _parts(signed: Iterable[Signed]) -> list[tuple[Signed, int]]:
    return [(one, part) for one in signed for part in range(len(one.sealed))]


def _row(one: Signed, part: int, change: int, key_version: int) -> Row:
    """All columns but the slot."""
    return {
        "id": _id(one.document, part),
        "document": one.document,
        "part": part,
        "case": one.case,
        "change": change,
        "form": FORM,
        "bits_sealed": one.sealed[part],
        "key_version": key_version,
    }


async def _next(connection: AsyncConnection, name: str, count: int) -> int:
    """The first of ``count`` numbers that nobody has had, also none of a row that was deleted."""
    taken = (
        update(signature_counts)
        .where(signature_counts.c.name == name)
        .values(last=signature_counts.c.last + count)
        .returning(signature_counts.c.last)
    )
    return (await connection.execute(taken)).scalar_one() - count + 1


async def _drop(connection: AsyncConnection, one: Signed, slots: dict[str, int]) -> None:
    """Passages that a shorter text has no more."""
    if _id(one.document, len(one.sealed)) in slots:
        gone = (signatures.c.document == one.document) & (signatures.c.part >= len(one.sealed))
        await connection.execute(delete(signatures).where(gone))


async def _slots(connection: AsyncConnection, wanted: Sequence[Signed]) -> dict[str, int]:
    there = select(signatures.c.id, signatures.c.slot).where(
        signatures.c.document.in_([one.document for one in wanted])
    )
    return {row.id: row.slot for row in await connection.execute(there)}


def _grams(document: Document) -> list[tuple[set[str], set[str]]]:
    """For each passage its grams, with the strong ones in each, so that every part is found by them."""
    strong = set[str]().union(*map(grams, document.strong))
    return [(grams_of_passage(texts), strong) for texts in passages(document.texts)]


def _id(document: str, part: int) -> str:
    return f"{document}~{part}" if part else document
