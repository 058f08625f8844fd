"""The append-only log of events: its ids grow in the order of commits, without gaps, whoever writes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from crm.announcer import Announcer
from crm.database import Database
from crm.figures.settled import forget_days
from crm.rows import event_row, stored_event
from crm.tables import events, operator_statuses
from kernel.events import Event, EventKind, StoredEvent

KNOWN = [kind.value for kind in EventKind]
"""Kinds of a newer version, which writes here during an upgrade, are passed over."""


class EventLog:
    """What has happened, for ever (kernel.ports.EventLog)."""

    def __init__(self, database: Database, announcer: Announcer) -> None:
        self._database = database
        self._announcer = announcer

    async def since(self, id: int, limit: int = 1000) -> Sequence[StoredEvent]:
        """Up to ``limit`` events after ``id``, oldest first."""
        after = select(events).where(events.c.id > id, events.c.kind.in_(KNOWN)).order_by(events.c.id).limit(limit)
        return await self._read(after)

    async def last_id(self) -> int:
        """The id of the newest event, 0 where there is none."""
        async with self._database.read() as connection:
            return await _last_id(connection)

    async def of_call(self, call: str, kinds: Iterable[EventKind] = tuple(EventKind)) -> Sequence[StoredEvent]:
        """All of one call's, or those of some ``kinds``, oldest first."""
        wanted = [kind.value for kind in kinds]
        own = select(events).where(events.c.call == call, events.c.kind.in_(wanted)).order_by(events.c.id)
        return await self._read(own)

    async def of_kinds(self, kinds: Collection[EventKind], since: datetime, limit: int) -> Sequence[StoredEvent]:
        """The newest ``limit`` events of ``kinds`` that happened from ``since`` on, oldest first."""
        newest = (
            select(events)
            .where(events.c.kind.in_([kind.value for kind in kinds]), events.c.at >= since)
            .order_by(events.c.at.desc(), events.c.id.desc())
            .limit(limit)
        )
        return sorted(await self._read(newest), key=lambda stored: stored.id)

    async def opening(self, since: datetime) -> Sequence[StoredEvent]:
        """What each operator did last before ``since``: one OPERATOR_CHANGED each, oldest first."""
        return await self._read(opening(since).order_by(events.c.id))

    async def append(self, *new: Event) -> Sequence[StoredEvent]:
        """Store ``new`` in a transaction of its own, then publish."""
        async with self._database.in_turn() as connection:
            stored = await append(connection, new)
        self._announcer.announce(stored)
        return stored

    async def _read(self, wanted: Select[Any]) -> list[StoredEvent]:
        async with self._database.read() as connection:
            return [stored_event(row) for row in (await connection.execute(wanted)).mappings()]


def opening(since: datetime) -> Select[Any]:
    """What each operator did last before ``since``."""
    last = (
        select(events.c.id)
        .where(
            events.c.kind == EventKind.OPERATOR_CHANGED.value,
            events.c.operator == operator_statuses.c.operator,
            events.c.at < since,
        )
        .order_by(events.c.at.desc(), events.c.id.desc())
        .limit(1)
        .correlate(operator_statuses)
        .scalar_subquery()
    )
    return select(events).where(events.c.id.in_(select(last).select_from(operator_statuses)))


async def append(connection: AsyncConnection, new: Sequence[Event]) -> Sequence[StoredEvent]:
    """Add ``new`` within a transaction of ``Database.in_turn``; the caller announces them after its commit."""
    if not new:
        return []
    last = await _last_id(connection)
    stored = [StoredEvent(id, event) for id, event in enumerate(new, start=last + 1)]
    await connection.execute(insert(events), [event_row(one) for one in stored])
    await forget_days(connection, (event.at for event in new))
    return stored


async def _last_id(connection: AsyncConnection) -> int:
    return (await connection.execute(select(func.coalesce(func.max(events.c.id), 0)))).scalar_one()
