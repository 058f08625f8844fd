"""What a search reads from the store: signatures that are new, and the documents that are shown."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from crm.case_rows import CaseRows
from crm.case_tables import cases, histories, signatures
from crm.finding.documents import FORM
from crm.finding.index import Entry
from crm.finding.signatures import Signatures
from crm.tables import calls
from kernel.case import Case, History

Line = tuple[Any, ...]
"""A row of CHANGED."""

first = signatures.alias("first")
of_case = signatures.alias("of_case")

CHANGED = (
    select(
        signatures.c.change,
        signatures.c.id,
        signatures.c.bits_sealed,
        signatures.c.slot,
        first.c.slot,
        of_case.c.slot,
        histories.c.written,
        histories.c.author,
        histories.c.outcome,
        calls.c.queue,
        cases.c.opened,
        cases.c.status,
        cases.c.department,
    )
    .join(first, first.c.id == signatures.c.document)
    .join(of_case, of_case.c.id == signatures.c.case)
    .join(cases, cases.c.id == signatures.c.case)
    .outerjoin(histories, histories.c.id == signatures.c.document)
    .outerjoin(calls, calls.c.id == histories.c.call)
    .where(signatures.c.form == FORM)
    .order_by(signatures.c.change)
)


@dataclass(frozen=True, slots=True)
class Found:
    """One answer: a history with its case and its call's queue, or a case alone. ``place`` is for the next page."""

    place: int
    case: Case
    history: History | None = None
    queue: str | None = None


async def changed(connection: AsyncConnection, change: int, limit: int) -> Sequence[Line]:
    """Up to ``limit`` rows of CHANGED after ``change``."""
    wanted = CHANGED.where(signatures.c.change > change).limit(limit)
    return [tuple(row) for row in await connection.execute(wanted)]


def entry(opener: Signatures, row: Line) -> Entry:
    """Of a row of ``changed``. Raises SealBroken."""
    _, id, sealed, slot, first_slot, case_slot, written, author, outcome, queue, opened, status, owner = row
    bits = opener.open(id, sealed)
    return Entry(slot, first_slot, case_slot, written or opened, bits, author, queue, outcome, status, owner or None)


async def documents(connection: AsyncConnection, rows: CaseRows, places: dict[int, int]) -> Sequence[Found]:
    """What lies at the slots of ``places`` (slot to place), in the order of places. Raises SealBroken."""
    columns = (signatures.c.slot, signatures.c.document, signatures.c.case)
    at_slots = select(*columns).where(signatures.c.slot.in_(list(places)))
    there = (await connection.execute(at_slots)).mappings().all()
    known = await _cases(connection, rows, {row["case"] for row in there})
    said = await _histories(connection, rows, [row["document"] for row in there if row["document"] != row["case"]])
    found = list[Found]()
    for row in there:
        case, document, place = known.get(row["case"]), row["document"], places[row["slot"]]
        if case is None:
            continue
        if document == case.id:
            found.append(Found(place, case))
        elif document in said:
            found.append(Found(place, case, *said[document]))
    return sorted(found, key=lambda one: one.place, reverse=True)


async def _cases(connection: AsyncConnection, rows: CaseRows, ids: Collection[str]) -> dict[str, Case]:
    read = select(cases).where(cases.c.id.in_(ids))
    return {row["id"]: rows.case(row) for row in (await connection.execute(read)).mappings()}


async def _histories(
    connection: AsyncConnection, rows: CaseRows, ids: Collection[str]
) -> dict[str, tuple[History, str | None]]:
    read = select(histories, calls.c.queue).outerjoin(calls, calls.c.id == histories.c.call)
    wanted = read.where(histories.c.id.in_(ids))
    return {row["id"]: (rows.history(row), row["queue"]) for row in (await connection.execute(wanted)).mappings()}
