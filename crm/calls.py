"""The stored calls (kernel.ports.Calls): for recovery, for the desk and the wallboard, for calling back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from crm.database import Database
from crm.rows import CallRows
from crm.tables import calls, events
from kernel.call import Call, Outcome, Stage
from kernel.events import EventKind
from kernel.phone_number import PhoneNumber


@dataclass(frozen=True, slots=True)
class OutcomeCount:
    """How many calls of ``queue`` (None: they never came to one) went so; ``outcome`` is None where not known yet."""

    queue: str | None
    outcome: Outcome | None
    calls: int


class StoredCalls:
    """Reads calls; the journal writes them."""

    def __init__(self, database: Database, rows: CallRows) -> None:
        self._database = database
        self._rows = rows

    async def unfinished(self) -> Sequence[Call]:
        """Every call that is not in the stage ENDED, in the order in which they arrived."""
        return await self._all(select(calls).where(calls.c.stage != Stage.ENDED.value).order_by(*ARRIVAL))

    async def find(self, id: str) -> Call | None:
        found = await self._all(select(calls).where(calls.c.id == id))
        return found[0] if found else None

    def mark(self, number: PhoneNumber) -> bytes:
        """The fingerprint by which calls of ``number`` are found without reading numbers."""
        return self._rows.mark(number)

    def seal_number(self, number: PhoneNumber, command: str) -> str:
        """``number`` for the command of that id, in characters that travel in JSON."""
        return self._rows.seal_number(number, command)

    def open_number(self, sealed: str, command: str) -> PhoneNumber:
        """What ``seal_number`` sealed. Raises ValueError for anything else."""
        return self._rows.open_number(sealed, command)

    async def last_talks(self, limit: int) -> Sequence[tuple[bytes, str]]:
        """Whose call (its caller's mark) which operator answered: the newest ``limit``, oldest first."""
        talks = (
            select(calls.c.caller_index, events.c.operator)
            .join(calls, calls.c.id == events.c.call)
            .where(events.c.kind == EventKind.CALL_ANSWERED.value)
            .where(calls.c.caller_index.is_not(None), events.c.operator.is_not(None))
            .order_by(events.c.at.desc(), events.c.id.desc())
            .limit(limit)
        )
        async with self._database.read() as connection:
            return [(mark, operator) for mark, operator in await connection.execute(talks)][::-1]

    async def waiting(self, queue: str | None = None) -> Sequence[Call]:
        """The calls in ``queue``, or in all, longest wait first; one that rings is still waiting."""
        waits = select(calls).where(calls.c.stage == Stage.WAIT.value)
        if queue is not None:
            waits = waits.where(calls.c.queue == queue)
        return await self._all(waits.order_by(calls.c.waiting_since, calls.c.id))

    async def talking(self) -> Sequence[Call]:
        """The calls that operators, or supervisors who took them over, talk in or transfer now; the oldest first."""
        return await self._all(select(calls).where(calls.c.stage.in_(TALKS)).order_by(*ARRIVAL))

    async def called_back(self, queue: str | None = None) -> Sequence[Call]:
        """The citizens who wait, in ``queue`` or in all, to be called back, longest wait first."""
        owed = select(calls).where(calls.c.stage == Stage.CALL_BACK.value)
        if queue is not None:
            owed = owed.where(calls.c.queue == queue)
        return await self._all(owed.order_by(calls.c.waiting_since, calls.c.id))

    async def abandoned(self, since: datetime, until: datetime | None = None) -> Sequence[Call]:
        """Callers who gave up waiting, or were called back in vain, and arrived from ``since`` up to ``until``, newest
        first (hard case 16)."""
        gave_up = select(calls).where(calls.c.outcome.in_(GAVE_UP), *_arrived(since, until))
        return await self._all(gave_up.order_by(calls.c.arrived.desc(), calls.c.id))

    async def between(self, since: datetime, until: datetime) -> Sequence[Call]:
        """The calls that arrived from ``since`` up to, not including, ``until``, oldest first."""
        return await self._all(select(calls).where(*_arrived(since, until)).order_by(*ARRIVAL))

    async def outcomes(self, since: datetime, until: datetime | None = None) -> Sequence[OutcomeCount]:
        """How the calls went that arrived from ``since`` up to ``until``, counted by queue and outcome."""
        counted = (
            select(calls.c.queue, calls.c.outcome, func.count())
            .where(*_arrived(since, until))
            .group_by(calls.c.queue, calls.c.outcome)
            .order_by(calls.c.queue, calls.c.outcome)
        )
        async with self._database.read() as connection:
            return [_count(*row) for row in await connection.execute(counted)]

    async def _all(self, wanted: Select[Any]) -> Sequence[Call]:
        async with self._database.read() as connection:
            return [self._rows.call(row) for row in (await connection.execute(wanted)).mappings()]


TALKS = (Stage.TALK.value, Stage.CONSULT.value)
GAVE_UP = (Outcome.ABANDONED.value, Outcome.NOT_REACHED.value)
ARRIVAL = (calls.c.arrived, calls.c.id)


def _arrived(since: datetime, until: datetime | None) -> list[ColumnElement[bool]]:
    return [calls.c.arrived >= since] + ([calls.c.arrived < until] if until else [])


def _count(queue: str | None, outcome: str | None, count: int) -> OutcomeCount:
    return OutcomeCount(queue, Outcome(outcome) if outcome else None, count)
