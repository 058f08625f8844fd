"""Cases and their histories (C1, C2), sealed at rest (Q2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Select, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from crm.announcer import Announcer
from crm.case_rows import CaseRows
from crm.database import Database
from crm.errors import StoreError
from crm.finding.signatures import Signatures
from crm.history_save import HistoryChanged, Saved, StoredCase, new_case, next_case, next_history, repeats
from crm.log import append
from crm.tables import calls, cases, histories
from kernel.case import Case, History, HistoryDraft
from kernel.events import Event, EventKind
from kernel.phone_number import PhoneNumber


class NoSuchCase(StoreError):
    """There is no case of that id or number."""


@dataclass(frozen=True, slots=True)
class Match:
    """Another case that seems the same citizen's: ``equal`` names what is alike (name, address, email, phone)."""

    case: Case
    equal: frozenset[str]


class Cases:
    """Reads and saves."""

    def __init__(self, database: Database, rows: CaseRows, signatures: Signatures, announcer: Announcer) -> None:
        self._database = database
        self._rows = rows
        self._signatures = signatures
        self._announcer = announcer

    async def save_history(self, draft: HistoryDraft, now: datetime) -> Saved:
        """Store the call's one history, its case and the event HISTORY_SAVED, in one transaction.

        A new call's history opens a case, unless the draft names one. Raises HistoryChanged or CaseChanged (both
        Changed) where somebody was faster (hard case 27), NoSuchCase, NoSuchHistory; then nothing is stored.
        """
        async with self._database.in_turn() as connection:
            before = await self._history(connection, draft.call)
            there = await self._stored(connection, draft.case or (before and before.case))
            if before and there and repeats(draft, there.case, before):
                return Saved(there.case, before, repeated=True)
            if before and before.version != draft.version:
                raise HistoryChanged(before)
            case = await self._save_case(connection, draft, there, now)
            history = next_history(draft, before, case, uuid4().hex, now)
            await self._write_history(connection, history, new=before is None)
            data = {"case": case.id, "number": case.number, "version": history.version}
            saved = Event(EventKind.HISTORY_SAVED, now, draft.call, draft.author, data=data)
            stored = await append(connection, [saved])
        self._announcer.announce(stored)
        return Saved(case, history)

    async def case(self, id: str) -> Case:
        """Raises NoSuchCase."""
        return await self._one(select(cases).where(cases.c.id == id), id)

    async def by_number(self, number: int) -> Case:
        """Raises NoSuchCase."""
        return await self._one(select(cases).where(cases.c.number == number), str(number))

    async def recent(self, limit: int = 50, before: int | None = None) -> Sequence[Case]:
        """A page of all cases, newest first; ``before`` is the last number of the page before."""
        page = select(cases).order_by(cases.c.number.desc()).limit(limit)
        return await self._cases(page.where(cases.c.number < before) if before is not None else page)

    async def cases_of_number(self, number: PhoneNumber) -> Sequence[Case]:
        """The cases whose citizen has ``number`` or rang from it, newest first."""
        mark = self._rows.fingerprints.of_number(number)
        rang = select(histories.c.case).join(calls, calls.c.id == histories.c.call).where(calls.c.caller_index == mark)
        own = select(cases).where(or_(cases.c.phone_index == mark, cases.c.id.in_(rang)))
        return await self._cases(own.order_by(cases.c.number.desc()))

    async def same_citizen(self, case: Case) -> Sequence[Match]:
        """Other cases with the same name, address, e-mail or number, however it was spelt; newest first."""
        marks = {field: mark for field, mark in self._rows.fingerprints.of_citizen(case.citizen).items() if mark}
        if not marks:
            return []
        alike = or_(*(cases.c[f"{field}_index"] == mark for field, mark in marks.items()))
        wanted = select(cases).where(alike, cases.c.id != case.id).order_by(cases.c.number.desc())
        async with self._database.read() as connection:
            rows = (await connection.execute(wanted)).mappings().all()
        return [
            Match(self._rows.case(row), frozenset(field for field in marks if row[f"{field}_index"] == marks[field]))
            for row in rows
        ]

    async def histories(self, case: str) -> Sequence[History]:
        """Those of the case of that id, oldest first."""
        wanted = select(histories).where(histories.c.case == case).order_by(histories.c.written, histories.c.id)
        async with self._database.read() as connection:
            return [self._rows.history(row) for row in (await connection.execute(wanted)).mappings()]

    async def history_of_call(self, call: str) -> History | None:
        async with self._database.read() as connection:
            return await self._history(connection, call)

    async def is_written(self, call: str) -> bool:
        """Whether the history of ``call`` is saved."""
        return await self.history_of_call(call) is not None

    async def _save_case(
        self, connection: AsyncConnection, draft: HistoryDraft, there: StoredCase | None, now: datetime
    ) -> Case:
        if there is None:
            last = (await connection.execute(select(func.coalesce(func.max(cases.c.number), 0)))).scalar_one()
            case = new_case(draft, uuid4().hex, last + 1, now)
        else:
            case = next_case(draft, there)
        row = self._rows.case_row(case) | {"changed": now, "changed_by": draft.author}
        statement = insert(cases) if there is None else update(cases).where(cases.c.id == case.id)
        await connection.execute(statement.values(row))
        await self._signatures.sign(connection, case)
        return case

    async def _write_history(self, connection: AsyncConnection, history: History, *, new: bool) -> None:
        statement = insert(histories) if new else update(histories).where(histories.c.id == history.id)
        await connection.execute(statement.values(self._rows.history_row(history)))
        await self._signatures.sign(connection, history)

    async def _history(self, connection: AsyncConnection, call: str) -> History | None:
        wanted = select(histories).where(histories.c.call == call)
        row = (await connection.execute(wanted)).mappings().one_or_none()
        return self._rows.history(row) if row else None

    async def _stored(self, connection: AsyncConnection, id: str | None) -> StoredCase | None:
        if id is None:
            return None
        row = (await connection.execute(select(cases).where(cases.c.id == id))).mappings().one_or_none()
        if row is None:
            raise NoSuchCase(f"there is no case {id}: choose another, or open a new one")
        return StoredCase(self._rows.case(row), row["changed"], row["changed_by"])

    async def _one(self, wanted: Select[Any], name: str) -> Case:
        found = await self._cases(wanted)
        if not found:
            raise NoSuchCase(f"there is no case {name}")
        return found[0]

    async def _cases(self, wanted: Select[Any]) -> Sequence[Case]:
        async with self._database.read() as connection:
            return [self._rows.case(row) for row in (await connection.execute(wanted)).mappings()]
