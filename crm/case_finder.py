"""Finding cases: lists by filter, a caller's earlier cases and histories, and the same citizen's (C2).

Rows are found by their marks; only what is shown is opened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import CompoundSelect, Select, case, func, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from crm.case_rows import CaseRows
from crm.case_tables import cases, histories
from crm.database import Database
from crm.tables import calls, users
from kernel.case import Case, CaseStatus, Citizen, History
from kernel.phone_number import PhoneNumber

SHOWN_CASES = 5
SHOWN_HISTORIES = 5
MOST_ALIKE = 20
MOST_MINE = 1000
"""Of a user's own histories, the newest count for the list of the user's cases."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases a list shows; None, "" and False: all. ``mine`` is a user who wrote in them or is to follow them up.

    ``due_until``: those to be followed up, open, and due on that day (Japan's) or before.
    """

    status: CaseStatus | None = None
    department: str = ""
    mine: str = ""
    due_until: date | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """A history, and its author's name as it is now."""

    history: History
    author: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """What is known of a caller: ``cases`` open ones first, then the newest; the newest ``contacts`` of those.

    ``total`` and ``open`` count all of the caller's cases, also those that are not shown.
    """

    cases: tuple[Case, ...] = ()
    contacts: tuple[Contact, ...] = ()
    total: int = 0
    open: int = 0


@dataclass(frozen=True, slots=True)
class Match:
    """Another case that seems the same citizen's: ``equal`` names what is alike (name, address, email, phone).

    ``latest`` is when it was last changed.
    """

    case: Case
    equal: frozenset[str]
    latest: datetime


class CaseFinder:
    """Reads only."""

    def __init__(self, database: Database, rows: CaseRows) -> None:
        self._database = database
        self._rows = rows

    async def list(self, wanted: Wanted | None = None, limit: int = 50, before: int | None = None) -> Sequence[Case]:
        """A page, newest first; ``before`` is the last number of the page before."""
        page = _filtered(wanted or Wanted()).order_by(cases.c.number.desc()).limit(limit)
        async with self._database.read() as connection:
            rows = await connection.execute(page.where(cases.c.number < before) if before is not None else page)
            return [self._rows.case(row) for row in rows.mappings()]

    async def earlier(self, number: PhoneNumber) -> Earlier:
        """The cases whose citizen has ``number`` or rang from it, with the last contacts, in two queries."""
        mark = self._rows.fingerprints.of_number(number)
        rang = select(histories.c.case).join(calls, calls.c.id == histories.c.call).where(calls.c.caller_index == mark)
        known = union(select(cases.c.id).where(cases.c.phone_index == mark), rang)
        is_open = case((cases.c.status == CaseStatus.OPEN.value, 1), else_=0)
        shown = (
            select(cases, func.count().over().label("total"), func.sum(is_open).over().label("open"))
            .where(cases.c.id.in_(known))
            .order_by(is_open.desc(), cases.c.number.desc())
            .limit(SHOWN_CASES)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(shown)).mappings().all()
            if not rows:
                return Earlier()
            contacts = await self._contacts(connection, [row["id"] for row in rows])
        return Earlier(tuple(map(self._rows.case, rows)), contacts, rows[0]["total"], int(rows[0]["open"]))

    async def alike(self, citizen: Citizen, but: str = "") -> Sequence[Match]:
        """Cases with the same name, address, e-mail or number, however it was spelt; the newest first.

        Without the case of the id ``but``; at most MOST_ALIKE.
        """
        marks = {field: mark for field, mark in self._rows.fingerprints.of_citizen(citizen).items() if mark}
        if not marks:
            return []
        page = select(cases).where(cases.c.id.in_(_marked(marks)), cases.c.id != but)
        async with self._database.read() as connection:
            rows = (await connection.execute(page.order_by(cases.c.number.desc()).limit(MOST_ALIKE))).mappings().all()
        return [
            Match(
                self._rows.case(row),
                frozenset(field for field in marks if row[f"{field}_index"] == marks[field]),
                row["changed"],
            )
            for row in rows
        ]

    async def _contacts(self, connection: AsyncConnection, found: Sequence[str]) -> tuple[Contact, ...]:
        latest = (
            select(histories, users.c.name)
            .outerjoin(users, users.c.id == histories.c.author)
            .where(histories.c.case.in_(found))
            .order_by(histories.c.written.desc(), histories.c.id)
            .limit(SHOWN_HISTORIES)
        )
        rows = (await connection.execute(latest)).mappings()
        return tuple(Contact(self._rows.history(row), row["name"] or row["author"]) for row in rows)


def _marked(marks: Mapping[str, bytes]) -> CompoundSelect[Any]:
    """Each field by its own index."""
    return union(*(select(cases.c.id).where(cases.c[f"{field}_index"] == mark) for field, mark in marks.items()))


def _filtered(wanted: Wanted) -> Select[Any]:
    page = select(cases)
    if wanted.status:
        page = page.where(cases.c.status == wanted.status.value)
    if wanted.department:
        page = page.where(cases.c.department == wanted.department)
    if wanted.mine:
        page = page.where(cases.c.id.in_(_mine(wanted.mine)))
    if wanted.due_until:
        is_due = cases.c.status == CaseStatus.OPEN.value, cases.c.follow_up_due <= wanted.due_until
        page = page.where(cases.c.id.in_(select(cases.c.id).where(*is_due)))
    return page


def _mine(user: str) -> CompoundSelect[Any]:
    """Cases to be followed up by ``user``, and those of the user's newest histories."""
    newest = select(histories.c.case).where(histories.c.author == user)
    written = newest.order_by(histories.c.written.desc()).limit(MOST_MINE).subquery()
    return union(select(cases.c.id).where(cases.c.follow_up_by == user), select(written.c.case))
