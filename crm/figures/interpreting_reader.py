"""Reads how long interpreters were on the line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from crm.database import Database
from crm.figures.interpreting import BEGAN, KINDS, Use, uses
from crm.rows import stored_event
from crm.tables import events


class StoredInterpreting:
    """The uses of interpreters (T11) from the log of events."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def between(self, begins: datetime, ends: datetime) -> Sequence[Use]:
        """Those that began from ``begins`` up to, not including, ``ends`` (aware), the oldest first."""
        reached = select(events.c.call).where(events.c.kind == BEGAN.value, events.c.at >= begins, events.c.at < ends)
        wanted = select(events).where(
            events.c.call.in_(reached), events.c.kind.in_([kind.value for kind in KINDS]), events.c.at >= begins
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(wanted.order_by(events.c.id))).mappings().all()
        return [one for one in uses(stored_event(row).event for row in rows) if begins <= one.began < ends]
