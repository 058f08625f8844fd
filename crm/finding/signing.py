"""Signs what has no signature yet: what was there before this version, and what another version has written."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog
from sqlalchemy import Table, exists, select

from crm.case_rows import CaseRows
from crm.case_tables import cases, histories, signatures
from crm.database import Database
from crm.finding.documents import FORM
from crm.finding.finding import Finding
from crm.finding.signatures import Signatures, Signed
from kernel.case import Case, History

log = structlog.get_logger(__name__)

BATCH = 50
"""So few that the thread which signs them, and the transaction that stores them, are short."""

LOOK_SECONDS = 900.0
RETRY_SECONDS = 10.0


class Signing:
    """Runs beside the console: signs, then lets the search be read, then looks again now and then."""

    def __init__(self, database: Database, rows: CaseRows, signatures: Signatures, finding: Finding) -> None:
        self._database = database
        self._rows = rows
        self._signatures = signatures
        self._finding = finding

    async def run(self) -> None:
        """Until cancelled. What can't be done now is tried again."""
        await self._until_done(self.look)
        await self._until_done(self._finding.load)
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self._until_done(self.look)

    async def look(self) -> int:
        """Sign all that is unsigned, cases first; returns how many."""
        done = await self._all(cases) + await self._all(histories)
        if done:
            log.info("signed for the search", documents=done)
        return done

    async def _until_done(self, work: Callable[[], Awaitable[object]]) -> None:
        while True:
            try:
                await work()
            except Exception:
                log.exception("the search can't be prepared now; trying again")
                await asyncio.sleep(RETRY_SECONDS)
            else:
                return

    async def _all(self, table: Table) -> int:
        done, last = 0, ""
        while unsigned := await self._unsigned(table, last):
            signed = await asyncio.to_thread(self._sign, unsigned)
            async with self._database.in_turn() as connection:
                await self._signatures.add_missing(connection, signed)
            done, last = done + len(unsigned), unsigned[-1].id
        return done

    async def _unsigned(self, table: Table, after: str) -> Sequence[Case | History]:
        signed = exists().where(signatures.c.document == table.c.id, signatures.c.form >= FORM)
        wanted = select(table).where(~signed, table.c.id > after).order_by(table.c.id).limit(BATCH)
        read = self._rows.case if table is cases else self._rows.history
        async with self._database.read() as connection:
            return [read(row) for row in (await connection.execute(wanted)).mappings()]

    def _sign(self, unsigned: Sequence[Case | History]) -> list[Signed]:
        return [self._signatures.signed(one) for one in unsigned]
