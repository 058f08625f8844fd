"""Reads what figures are made of, a day at a time, and keeps the days that are over."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from crm.database import Database
from crm.figures.count import COUNTED, Logged, count, worked_in
from crm.figures.kept import figures_of, shape, shifts_of, whole_day
from crm.figures.settled import DAY, SETTLED, Counted, keep_day, kept_days
from crm.figures.shifts import Shift, shifts
from crm.figures.told import TELLS, ToldFigures, told
from crm.log import opening
from crm.rows import stored_event
from crm.tables import calls, events
from kernel.events import EventKind, StoredEvent
from kernel.figures import Figures, Rules

KINDS = tuple(kind.value for kind in COUNTED if kind is not EventKind.OPERATOR_CHANGED)
CHANGED = EventKind.OPERATOR_CHANGED.value


class StoredFigures:
    """Figures from the log. Counting runs in a thread: nobody's call waits for a report.

    A day that is over is counted once, by whoever looks at it first (``crm.figures.settling`` does so at night).
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def day(self, begins: datetime, rules: Rules, now: datetime) -> Figures:
        """The 24 hours from ``begins`` (aware) by quarters of an hour, as far as they have passed by ``now``."""
        kept = await kept_days(self._database, begins, begins + DAY, shape(rules), "quarters")
        return figures_of(kept[begins.astimezone(UTC)]) if kept else (await self._count(begins, rules, now)).figures

    async def days(self, begins: datetime, number: int, rules: Rules, now: datetime) -> Sequence[Figures]:
        """The sums of ``number`` days, each under its day's beginning; days to come are empty."""
        starts = [(begins + DAY * place).astimezone(UTC) for place in range(number)]
        kept = await kept_days(self._database, starts[0], starts[-1] + DAY, shape(rules), "whole")
        return [
            figures_of(kept[start])
            if start in kept
            else whole_day((await self._count(start, rules, now)).figures, start)
            if start < now
            else Figures()
            for start in starts
        ]

    async def kept_quarters(self, begins: datetime, rules: Rules) -> Figures | None:
        """The day from ``begins`` by quarters of an hour if it is kept; nothing is counted for it."""
        kept = await kept_days(self._database, begins, begins + DAY, shape(rules), "quarters")
        return next((figures_of(one) for one in kept.values()), None)

    async def settle(self, begins: datetime, rules: Rules, now: datetime) -> None:
        """Count the day from ``begins``, and keep it if it is over."""
        await self._count(begins, rules, now)

    async def kept(self, since: datetime, until: datetime, rules: Rules) -> frozenset[datetime]:
        """Which days from ``since`` up to ``until`` are kept, by their beginnings (UTC)."""
        return frozenset(await kept_days(self._database, since, until, shape(rules), "begins"))

    async def first(self) -> datetime | None:
        """The time of the oldest event; None for an empty log."""
        async with self._database.read() as connection:
            return (await connection.execute(select(func.min(events.c.at)))).scalar_one()

    async def shifts(self, begins: datetime, number: int, rules: Rules, now: datetime) -> Sequence[tuple[Shift, ...]]:
        """Who worked when and did what, on each of ``number`` days."""
        starts = [(begins + DAY * place).astimezone(UTC) for place in range(number)]
        kept = await kept_days(self._database, starts[0], starts[-1] + DAY, shape(rules), "shifts")
        return [
            shifts_of(kept[start])
            if start in kept
            else (await self._count(start, rules, now)).shifts
            if start < now
            else ()
            for start in starts
        ]

    async def _count(self, begins: datetime, rules: Rules, now: datetime) -> Counted:
        async with self._database.read() as connection:
            seen = (await connection.execute(select(func.coalesce(func.max(events.c.id), 0)))).scalar_one()
        counted = await asyncio.to_thread(_counted, await self.logged(begins, begins + DAY), rules, now)
        if now >= begins + DAY + SETTLED:
            await keep_day(self._database, begins, counted, shape(rules), seen)
        return counted

    async def told(self, since: datetime, until: datetime) -> Mapping[str, ToldFigures]:
        """How true the waits were that callers were told from ``since`` up to ``until``, by queue."""
        callers = select(events.c.call).where(_within(since, until, EventKind.WAIT_TOLD.value))
        theirs = select(events).where(events.c.call.in_(callers), events.c.kind.in_([kind.value for kind in TELLS]))
        async with self._database.read() as connection:
            found = await _events(connection, theirs.order_by(events.c.id))
        return told(one.event for one in found)

    async def logged(self, since: datetime, until: datetime) -> Logged:
        """What the log holds of the time from ``since`` up to, not including, ``until``."""
        async with self._database.read() as connection:
            first = await _events(connection, opening(since).order_by(events.c.id))
            changes = await _events(connection, select(events).where(_within(since, until, CHANGED)))
            named = _calls_of(since, until, {stored.event.call for stored in first if stored.event.call})
            theirs = await _events(connection, _about(named))
            over = select(calls.c.id, calls.c.ended).join(named, calls.c.id == named.c.call)
            ended = {id: at for id, at in await connection.execute(over) if at}
        found = sorted([*changes, *theirs], key=lambda stored: stored.id)
        return Logged(since, until, [one.event for one in first], [one.event for one in found], ended)


def _counted(logged: Logged, rules: Rules, now: datetime) -> Counted:
    return Counted(count(logged, rules, now), shifts(worked_in(logged, now), min(logged.until, now)))


async def _events(connection: AsyncConnection, wanted: Select[Any]) -> list[StoredEvent]:
    return [stored_event(row) for row in (await connection.execute(wanted)).mappings()]


def _calls_of(since: datetime, until: datetime, also: set[str]) -> CTE:
    """The calls to which anything happened in the span, and ``also``."""
    named = select(events.c.call).where(_within(since, until, *KINDS, CHANGED), events.c.call.is_not(None))
    earlier = select(events.c.call).where(events.c.call.in_(also))
    return named.union(earlier).cte("named")


def _about(named: CTE) -> Select[Any]:
    return select(events).join(named, events.c.call == named.c.call).where(events.c.kind.in_(KINDS))


def _within(since: datetime, until: datetime, *kinds: str) -> ColumnElement[bool]:
    return and_(events.c.kind.in_(kinds), events.c.at >= since, events.c.at < until)
