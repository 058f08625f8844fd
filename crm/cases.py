"""Cases and their histories (C1, C2), sealed at rest (Q2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from crm.announcer import Announcer
from crm.case_rows import CaseRows
from crm.case_steps import keep_steps, steps_of
from crm.case_tables import cases, histories
from crm.database import Database
from crm.drafts import case_form, drop_draft
from crm.errors import StoreError
from crm.finding.signatures import Signatures
from crm.history_save import HistoryChanged, Saved, StoredCase, new_case, next_case, next_history, repeats
from crm.log import append
from kernel.case import Case, CaseStatus, History, HistoryDraft, StepTaken
from kernel.events import Event, EventKind


class NoSuchCase(StoreError):
    """There is no case of that id or number."""


class Cases:
    """Saves, and reads one; ``crm.case_finder`` finds many."""

    def __init__(self, database: Database, rows: CaseRows, signatures: Signatures, announcer: Announcer) -> None:
        self._database = database
        self._rows = rows
        self._signatures = signatures
        self._announcer = announcer

    async def save_history(self, draft: HistoryDraft, now: datetime) -> Saved:
        """Store the one history of the call (or of the form without one), its case, and the event HISTORY_SAVED.

        All in one transaction, which also takes the author's draft away. A new call's history opens a case, unless the
        draft names one. Raises HistoryChanged or CaseChanged (both Changed) where somebody was faster (hard case 27),
        NoSuchCase, NoSuchHistory; then nothing is stored.
        """
        async with self._database.in_turn() as connection:
            before = await self._history(connection, draft)
            there = await self._stored(connection, draft.case or (before and before.case))
            if before and there and repeats(draft, there.case, before):
                return Saved(there.case, before, repeated=True)
            if before and before.version != draft.version:
                raise HistoryChanged(before)
            case = await self._save_case(connection, draft, there, now)
            history = next_history(draft, before, case, draft.id or uuid4().hex, now)
            await self._write_history(connection, history, new=before is None)
            await drop_draft(connection, draft.call or case_form(case.id), draft.author)
            data = {"case": case.id, "number": case.number, "version": history.version}
            saved = Event(EventKind.HISTORY_SAVED, now, draft.call, draft.author, data=data)
            stored = await append(connection, [saved])
        self._announcer.announce(stored)
        return Saved(case, history)

    async def set_status(self, id: str, status: CaseStatus, by: str, now: datetime) -> bool:
        """Close the case of that id, or open it again; False where it was so already. Raises NoSuchCase."""
        async with self._database.in_turn() as connection:
            there = await self._stored(connection, id)
            assert there is not None
            if there.case.status is status:
                return False
            case = replace(there.case, status=status, version=there.case.version + 1)
            await self._write_case(connection, case, there.case, by, now)
            data = {"case": case.id, "number": case.number, "status": status.value, "author": by}
            stored = await append(connection, [Event(EventKind.CASE_CHANGED, now, data=data)])
        self._announcer.announce(stored)
        return True

    async def case(self, id: str) -> Case:
        """Raises NoSuchCase."""
        return await self._one(select(cases).where(cases.c.id == id), id)

    async def by_number(self, number: int) -> Case:
        """Raises NoSuchCase."""
        return await self._one(select(cases).where(cases.c.number == number), str(number))

    async def histories(self, case: str) -> Sequence[History]:
        """Those of the case of that id, oldest first."""
        wanted = select(histories).where(histories.c.case == case).order_by(histories.c.written, histories.c.id)
        async with self._database.read() as connection:
            return [self._rows.history(row) for row in (await connection.execute(wanted)).mappings()]

    async def steps(self, case: str) -> Sequence[StepTaken]:
        """What was done to the case of that id as a whole, oldest first."""
        async with self._database.read() as connection:
            return await steps_of(connection, case)

    async def history_of_call(self, call: str) -> History | None:
        async with self._database.read() as connection:
            return await self._one_history(connection, histories.c.call == call)

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
        await self._write_case(connection, case, there and there.case, draft.author, now)
        return case

    async def _write_case(
        self, connection: AsyncConnection, case: Case, before: Case | None, by: str, now: datetime
    ) -> None:
        row = self._rows.case_row(case) | {"changed": now, "changed_by": by}
        statement = insert(cases) if before is None else update(cases).where(cases.c.id == case.id)
        await connection.execute(statement.values(row))
        await self._signatures.sign(connection, case)
        await keep_steps(connection, before, case, by, now)

    async def _write_history(self, connection: AsyncConnection, history: History, *, new: bool) -> None:
        statement = insert(histories) if new else update(histories).where(histories.c.id == history.id)
        await connection.execute(statement.values(self._rows.history_row(history)))
        await self._signatures.sign(connection, history)

    async def _history(self, connection: AsyncConnection, draft: HistoryDraft) -> History | None:
        """The history that ``draft`` would change."""
        own = histories.c.call == draft.call if draft.call else histories.c.id == draft.id
        return await self._one_history(connection, own)

    async def _one_history(self, connection: AsyncConnection, which: ColumnElement[bool]) -> History | None:
        row = (await connection.execute(select(histories).where(which))).mappings().one_or_none()
        return self._rows.history(row) if row else None

    async def _stored(self, connection: AsyncConnection, id: str | None) -> StoredCase | None:
        if id is None:
            return None
        row = (await connection.execute(select(cases).where(cases.c.id == id))).mappings().one_or_none()
        if row is None:
            raise NoSuchCase(f"there is no case {id}: choose another, or open a new one")
        return StoredCase(self._rows.case(row), row["changed"], row["changed_by"])

    async def _one(self, wanted: Select[Any], name: str) -> Case:
        async with self._database.read() as connection:
            row = (await connection.execute(wanted)).mappings().one_or_none()
        if row is None:
            raise NoSuchCase(f"there is no case {name}")
        return self._rows.case(row)
