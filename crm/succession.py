"""How the holder of a lease hands it to one who waits for it, with no moment in between in which it is nobody's.

The holder lays an offer beside the lease; a waiter puts its name on it; the holder, once it has written what it owes,
writes that name into the lease. An offer without its lease means nothing: who made it may have died since.
"""

from __future__ import annotations

from sqlalchemy import delete, select, update

from crm.database import Database, insert_into
from crm.tables import leases

OPEN, CLAIMED = 0, 1
"""What ``beat`` means in an offer's row."""


class Succession:
    """The offer that belongs to the lease ``name``."""

    def __init__(self, database: Database, name: str) -> None:
        self._database = database
        self._lease = name
        self.row = f"{name}/next"

    async def offer(self, holder: str) -> None:
        """Ask whether anybody waits."""
        async with self._database.write() as connection:
            row = {"name": self.row, "holder": holder, "beat": OPEN}
            new = insert_into(leases, connection.dialect).values(row)
            changes = {"holder": holder, "beat": OPEN}
            await connection.execute(new.on_conflict_do_update(index_elements=["name"], set_=changes))

    async def claim(self, holder: str, waiter: str) -> None:
        """``waiter`` would go on from ``holder``, whose offer is open; harmless where another was faster."""
        open_offer = (leases.c.name == self.row, leases.c.holder == holder, leases.c.beat == OPEN)
        async with self._database.write() as connection:
            await connection.execute(update(leases).where(*open_offer).values(holder=waiter, beat=CLAIMED))

    async def claimant(self) -> str | None:
        """Who has put its name on the offer."""
        claimed = select(leases.c.holder).where(leases.c.name == self.row, leases.c.beat == CLAIMED)
        async with self._database.read() as connection:
            return (await connection.execute(claimed)).scalar_one_or_none()

    async def withdraw(self) -> None:
        """Nobody has waited."""
        async with self._database.write() as connection:
            await connection.execute(delete(leases).where(leases.c.name == self.row))

    async def give(self, holder: str, to: str) -> bool:
        """The lease is ``to``'s from now on; False when it was not ``holder``'s."""
        async with self._database.write() as connection:
            given = await connection.execute(
                update(leases)
                .where(leases.c.name == self._lease, leases.c.holder == holder)
                .values(holder=to, beat=leases.c.beat + 1)
            )
            await connection.execute(delete(leases).where(leases.c.name == self.row))
            return given.rowcount == 1
