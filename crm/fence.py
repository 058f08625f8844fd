"""Keeps a controller that has lost its lease, and does not know it yet, from writing over its successor's rows."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from crm.errors import Fenced
from crm.tables import leases


@dataclass(frozen=True, slots=True)
class Fence:
    """The lease ``name`` in the hands of ``holder``, whose text is another for each time that a lease is taken."""

    name: str
    holder: str

    async def check(self, connection: AsyncConnection) -> None:
        """Raise Fenced where the lease is not this holder's; nobody else gets it until the transaction's end.

        SQLite has one writer anyway. On PostgreSQL the row stays locked against the change of its holder.
        """
        held = select(leases.c.holder).where(leases.c.name == self.name).with_for_update(read=True)
        self._compare((await connection.execute(held)).scalar_one_or_none())

    def check_at_once(self, connection: sqlite3.Connection) -> None:
        """The same, within a transaction of SQLite."""
        held = connection.execute("SELECT holder FROM leases WHERE name = ?", (self.name,)).fetchone()
        self._compare(held[0] if held else None)

    def _compare(self, now: str | None) -> None:
        if now != self.holder:
            raise Fenced(f"the lease {self.name!r} is held by {now or 'nobody'}, not by {self.holder} any more")
