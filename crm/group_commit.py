"""One transaction of the journal: values, then their events, exactly once."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from sqlalchemy import insert, select

from crm.database import Database
from crm.fence import Fence
from crm.figures.settled import forget_days_at_once
from crm.log import KNOWN, append
from crm.one_step import Prepared
from crm.rows import CallRows, event_row, stored_event
from crm.tables import events
from crm.upserts import UPSERTS, upserts
from kernel.events import Event, StoredEvent
from kernel.ports import Storable


class GroupCommit:
    """Stores batches, one after the other."""

    def __init__(self, database: Database, rows: CallRows) -> None:
        self._database = database
        self._rows = rows
        self._tried: Sequence[StoredEvent] = ()
        dialect = database.engine.dialect
        self._append = Prepared(insert(events), dialect, events.c.keys())
        self._upserts = {one: Prepared(one.statement(dialect), dialect, one.columns) for one in UPSERTS}
        self.transactions = 0

    async def store(self, things: Sequence[Storable], fence: Fence | None = None) -> Sequence[StoredEvent]:
        """Commit ``things`` and return the events among them. Raises Fenced when ``fence`` does not hold any more.

        Called again with the same things after an error, it finds out whether the commit had come through all the same
        (the answer was lost with the connection), so that no event is stored twice.
        """
        if not await self._came_through(things):
            if self._database.sqlite:
                await self._database.in_one_step(lambda connection: self._store_at_once(connection, things, fence))
            else:
                await self._store_in_turn(things, fence)
        return self._done(self._tried)

    async def _store_in_turn(self, things: Sequence[Storable], fence: Fence | None) -> None:
        async with self._database.in_turn() as connection:
            if fence:
                await fence.check(connection)
            for upsert, rows in upserts(things, self._rows):
                await connection.execute(upsert.statement(connection.dialect), rows)
            self._tried = await append(connection, _events(things))

    def _store_at_once(self, connection: sqlite3.Connection, things: Sequence[Storable], fence: Fence | None) -> None:
        if fence:
            fence.check_at_once(connection)
        for upsert, rows in upserts(things, self._rows):
            self._upserts[upsert].execute(connection, rows)
        self._tried = ()
        if new := _events(things):
            (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM events").fetchone()
            self._tried = [StoredEvent(id, event) for id, event in enumerate(new, start=last + 1)]
            self._append.execute(connection, [event_row(one) for one in self._tried])
            forget_days_at_once(connection, (event.at for event in new))

    def _done(self, stored: Sequence[StoredEvent]) -> Sequence[StoredEvent]:
        self._tried = ()
        self.transactions += 1
        return stored

    async def _came_through(self, things: Sequence[Storable]) -> bool:
        tried = self._tried
        if not tried or [one.event for one in tried] != [thing for thing in things if isinstance(thing, Event)]:
            return False
        there = (
            select(events)
            .where(events.c.id.between(tried[0].id, tried[-1].id), events.c.kind.in_(KNOWN))
            .order_by(events.c.id)
        )
        async with self._database.read() as connection:
            return [stored_event(row) for row in (await connection.execute(there)).mappings()] == list(tried)


def _events(things: Sequence[Storable]) -> list[Event]:
    return [thing for thing in things if isinstance(thing, Event)]
