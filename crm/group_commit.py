"""One transaction of the journal: values, then their events, exactly once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from crm.database import Database
from crm.log import KNOWN, append
from crm.rows import CallRows, stored_event
from crm.tables import events
from crm.upserts import upsert
from kernel.events import Event, StoredEvent
from kernel.ports import Storable


class GroupCommit:
    """Stores batches, one after the other."""

    def __init__(self, database: Database, rows: CallRows) -> None:
        self._database = database
        self._rows = rows
        self._tried: Sequence[StoredEvent] = ()
        self.transactions = 0

    async def store(self, things: Sequence[Storable]) -> Sequence[StoredEvent]:
        """Commit ``things`` and return the events among them.

        Called again with the same things after an error, it finds out whether the commit had come through all the same
        (the answer was lost with the connection), so that no event is stored twice.
        """
        if await self._came_through(things):
            return self._done(self._tried)
        async with self._database.in_turn() as connection:
            await upsert(connection, things, self._rows)
            self._tried = await append(connection, [thing for thing in things if isinstance(thing, Event)])
        return self._done(self._tried)

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
