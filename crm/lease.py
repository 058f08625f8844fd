"""One controller at a time drives the Asterisk application (kernel.ports.Lease; hard case 4).

No two machines' clocks are compared: the holder counts beats, and whoever waits sees by a clock of its own how long
none has come. A holder that died on this very machine is replaced at once.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from crm.database import Database, insert_into
from crm.errors import Fenced, told
from crm.fence import Fence
from crm.holder import Holder
from crm.succession import OPEN, Succession
from crm.tables import leases

log = structlog.get_logger(__name__)

BEATS = 4
"""Of the holder, in one time of the lease."""
LOOKS = 20
"""Of a waiter, in one time of the lease; looking only reads."""

Pause = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Beat:
    """Who held the lease at which beat."""

    holder: str
    beat: int


@dataclass(frozen=True, slots=True)
class Watch:
    """A beat, and when the waiter first saw it (its own monotonic clock, seconds)."""

    beat: Beat
    since: float

    def silent(self, beat: Beat, now: float, lease_seconds: float) -> bool:
        """Whether ``beat`` is still the same after a whole time of the lease."""
        return beat == self.beat and now - self.since >= lease_seconds


class StoreLease:
    """The lease ``name``; ``holder`` names us in the log of whoever waits."""

    def __init__(
        self,
        database: Database,
        name: str,
        lease_seconds: float,
        *,
        holder: Holder | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._database = database
        self._name = name
        self._lease_seconds = lease_seconds
        self._monotonic = monotonic
        self._pause = pause
        self.holder = holder or Holder.this_process()
        self._succession = Succession(database, name)
        self._failing = False

    @property
    def fence(self) -> Fence:
        """What holds as long as the lease is ours."""
        return Fence(self._name, str(self.holder))

    async def take(self) -> None:
        """Return when the lease is ours. A database that fails is asked again for ever, loudly.

        Whoever holds it and wants to leave learns that we wait here.
        """
        watch: Watch | None = None
        while True:
            try:
                seen = await self._try(watch)
            except Exception as wrong:
                watch = None  # nothing was seen: the holder may have been as little able to beat as we to look
                self._failed("the lease can't be asked for", wrong)
            else:
                self._worked()
                if seen is None:
                    log.info("the lease is ours", lease=self._name, holder=str(self.holder))
                    return
                if watch is None or watch.beat.holder != seen.holder:
                    log.warning("another holds the lease; waiting", lease=self._name, holder=seen.holder)
                if watch is None or watch.beat != seen:
                    watch = Watch(seen, self._monotonic())
            await self._pause(self._lease_seconds / LOOKS)

    async def lost(self) -> None:
        """Beat, and return when another has taken the lease.

        While the database fails nobody else can take it there, so we go on, and say so.
        """
        while True:
            await self._pause(self._lease_seconds / BEATS)
            try:
                ours = await self._beat()
            except Exception as wrong:
                self._failed("the lease can't be renewed; going on", wrong)
                continue
            self._worked()
            if not ours:
                log.error("the lease was taken by another", lease=self._name, holder=str(self.holder))
                return

    async def successor(self, patience_seconds: float) -> str | None:
        """Who waits for the lease and goes on once it is given; None when nobody says so in time."""
        step = self._lease_seconds / LOOKS
        await self._succession.offer(str(self.holder))
        for _ in range(max(1, round(patience_seconds / step))):
            if claimant := await self._succession.claimant():
                return claimant
            await self._pause(step)
        await self._succession.withdraw()
        return None

    async def give(self, to: str) -> None:
        """Hand the lease to ``to``, a successor, who drives from now on. Raises Fenced when it was not ours."""
        if not await self._succession.give(str(self.holder), to):
            raise Fenced(f"the lease {self._name!r} was not ours to give")

    async def release(self) -> None:
        """Let the next one have it now; harmless when it is not ours."""
        async with self._database.write() as connection:
            await connection.execute(delete(leases).where(self._row, leases.c.holder == str(self.holder)))

    @property
    def _row(self) -> ColumnElement[bool]:
        return leases.c.name == self._name

    async def _try(self, watch: Watch | None) -> Beat | None:
        """Take the lease (None), or return whose it is. Only who may take it writes."""
        seen = await self._look()
        if seen is None:
            async with self._database.write() as connection:
                return await self._insert(connection)
        if seen.holder == str(self.holder) or self._free(seen, watch):
            async with self._database.write() as connection:
                return None if await self._replace(connection, seen) else seen
        return seen

    async def _look(self) -> Beat | None:
        wanted = select(leases).where(leases.c.name.in_([self._name, self._succession.row]))
        async with self._database.read() as connection:
            rows = {
                row["name"]: Beat(row["holder"], row["beat"]) for row in (await connection.execute(wanted)).mappings()
            }
        seen = rows.get(self._name)
        if seen and rows.get(self._succession.row) == Beat(seen.holder, OPEN):
            await self._succession.claim(seen.holder, str(self.holder))
        return seen

    def _free(self, seen: Beat, watch: Watch | None) -> bool:
        if self.holder.knows_dead(seen.holder):
            return True
        return watch is not None and watch.silent(seen, self._monotonic(), self._lease_seconds)

    async def _insert(self, connection: AsyncConnection) -> Beat | None:
        row = {"name": self._name, "holder": str(self.holder), "beat": 1}
        new = insert_into(leases, connection.dialect).values(row).on_conflict_do_nothing().returning(leases.c.beat)
        took = (await connection.execute(new)).one_or_none()
        return None if took else Beat("somebody who was faster", 0)

    async def _replace(self, connection: AsyncConnection, seen: Beat) -> bool:
        took = await connection.execute(
            update(leases)
            .where(self._row, leases.c.holder == seen.holder, leases.c.beat == seen.beat)
            .values(holder=str(self.holder), beat=seen.beat + 1)
        )
        return took.rowcount == 1

    async def _beat(self) -> bool:
        async with self._database.write() as connection:
            beat = await connection.execute(
                update(leases).where(self._row, leases.c.holder == str(self.holder)).values(beat=leases.c.beat + 1)
            )
            return beat.rowcount == 1

    def _failed(self, what: str, wrong: Exception) -> None:
        if not self._failing:
            self._failing = True
            log.error(what, lease=self._name, holder=str(self.holder), error=told(wrong))

    def _worked(self) -> None:
        if self._failing:
            self._failing = False
            log.info("the lease's database answers again", lease=self._name)
