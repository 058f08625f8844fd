"""Reads what transfers by department are counted from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from crm.database import Database
from crm.directory.directory import Directory
from crm.figures.transfers import KINDS, Past, Target, Transfers, transfers
from crm.rows import stored_event
from crm.tables import events

DAY = timedelta(days=1)


class StoredTransfers:
    """Transfers (C9) from the log of events and from that of the directory's changes."""

    def __init__(self, database: Database, directory: Directory) -> None:
        self._database = database
        self._directory = directory

    async def days(self, begins: datetime, number: int) -> Sequence[Mapping[Target, Transfers]]:
        """Each of ``number`` days from ``begins`` (aware) on, by target."""
        ends = begins + DAY * number
        kinds = [kind.value for kind in KINDS]
        wanted = select(events).where(events.c.kind.in_(kinds), events.c.at >= begins, events.c.at < ends)
        async with self._database.read() as connection:
            rows = (await connection.execute(wanted.order_by(events.c.id))).mappings()
            found = [stored_event(row).event for row in rows]
        past = Past(await self._directory.log())
        starts = [begins + DAY * place for place in range(number)]
        return [transfers((one for one in found if start <= one.at < start + DAY), past) for start in starts]
