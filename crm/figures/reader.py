"""Reads what figures are made of, a day at a time, and remembers the days that are over."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from crm.database import Database
from crm.figures.count import COUNTED, Logged, count
from crm.figures.told import TELLS, ToldFigures, told
from crm.rows import stored_event
from crm.tables import calls, events, operator_statuses
from kernel.events import EventKind, StoredEvent
from kernel.figures import Figures, Rules

DAY = timedelta(days=1)
SETTLED = timedelta(hours=1)
"""So long after its end a day is taken as over, for a database that was away takes its backlog late."""

REMEMBERED_DAYS = 400
KINDS = tuple(kind.value for kind in COUNTED if kind is not EventKind.OPERATOR_CHANGED)
CHANGED = EventKind.OPERATOR_CHANGED.value


class StoredFigures:
    """Figures from the log. Counting runs in a thread: nobody's call waits for a report."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._days: OrderedDict[tuple[datetime, frozenset[object]], Figures] = OrderedDict()

    async def day(self, begins: datetime, rules: Rules, now: datetime) -> Figures:
        """The 24 hours from ``begins`` (aware), as far as they have passed by ``now``."""
        key = begins, frozenset(rules.items())
        if key not in self._days:
            figures = await asyncio.to_thread(count, await self.logged(begins, begins + DAY), rules, now)
            if now < begins + DAY + SETTLED or any(one.waiting for one in figures.queues.values()):
                return figures
            self._days[key] = figures
            if len(self._days) > REMEMBERED_DAYS:
                self._days.popitem(last=False)
        return self._days[key]

    async def days(self, begins: datetime, number: int, rules: Rules, now: datetime) -> Sequence[Figures]:
        """``number`` days, one after the other; those that have not begun by ``now`` are empty."""
        starts = [begins + DAY * place for place in range(number)]
        return [await self.day(start, rules, now) if start < now else Figures() for start in starts]

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
            opening = await _events(connection, _opening(since))
            changes = await _events(connection, select(events).where(_within(since, until, CHANGED)))
            named = _calls_of(since, until, {stored.event.call for stored in opening if stored.event.call})
            theirs = await _events(connection, _about(named))
            over = select(calls.c.id, calls.c.ended).join(named, calls.c.id == named.c.call)
            ended = {id: at for id, at in await connection.execute(over) if at}
        found = sorted([*changes, *theirs], key=lambda stored: stored.id)
        first = sorted(opening, key=lambda stored: stored.id)
        return Logged(since, until, [one.event for one in first], [one.event for one in found], ended)


async def _events(connection: AsyncConnection, wanted: Select[Any]) -> list[StoredEvent]:
    return [stored_event(row) for row in (await connection.execute(wanted)).mappings()]


def _opening(since: datetime) -> Select[Any]:
    """What each operator did last before ``since``."""
    last = (
        select(events.c.id)
        .where(events.c.kind == CHANGED, events.c.operator == operator_statuses.c.operator, events.c.at < since)
        .order_by(events.c.at.desc(), events.c.id.desc())
        .limit(1)
        .correlate(operator_statuses)
        .scalar_subquery()
    )
    return select(events).where(events.c.id.in_(select(last).select_from(operator_statuses)))


def _calls_of(since: datetime, until: datetime, also: set[str]) -> CTE:
    """The calls to which anything happened in the span, and ``also``."""
    named = select(events.c.call).where(_within(since, until, *KINDS, CHANGED), events.c.call.is_not(None))
    earlier = select(events.c.call).where(events.c.call.in_(also))
    return named.union(earlier).cte("named")


def _about(named: CTE) -> Select[Any]:
    return select(events).join(named, events.c.call == named.c.call).where(events.c.kind.in_(KINDS))


def _within(since: datetime, until: datetime, *kinds: str) -> ColumnElement[bool]:
    return and_(events.c.kind.in_(kinds), events.c.at >= since, events.c.at < until)
