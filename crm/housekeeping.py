"""What the store does for itself now and then: old drafts go, marks of older spelling rules are made anew."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update

from crm import spelling
from crm.case_rows import CaseRows
from crm.case_tables import cases
from crm.database import Database
from crm.drafts import Drafts
from crm.errors import told
from crm.open_pages import OpenPages
from kernel.ports import Clock

log = structlog.get_logger(__name__)

DRAFTS_KEPT = timedelta(days=7)
EVERY_SECONDS = 3600.0
BATCH = 500


class Housekeeping:
    """Two at once do no harm."""

    def __init__(self, database: Database, rows: CaseRows, drafts: Drafts, open_pages: OpenPages) -> None:
        self._database = database
        self._rows = rows
        self._drafts = drafts
        self._open_pages = open_pages

    async def run(self, clock: Clock) -> None:
        """Do all now and every hour; never returns. A failure is logged and tried again in the next hour."""
        while True:
            try:
                await self.once(clock())
            except Exception as wrong:
                log.error("the store's housekeeping failed; trying again in an hour", error=told(wrong))
            await asyncio.sleep(EVERY_SECONDS)

    async def once(self, now: datetime) -> None:
        """All of it."""
        await self._open_pages.sweep(now)
        if old := await self._drafts.sweep(now - DRAFTS_KEPT):
            log.warning("drafts that nobody saved were deleted", drafts=old, days=DRAFTS_KEPT.days)
        if anew := await self.mark_anew():
            log.info("cases are found by the new rules of spelling", cases=anew)

    async def mark_anew(self, batch: int = BATCH) -> int:
        """Make the marks of rows of older rules; returns how many. A batch is one transaction, calls go on."""
        done = 0
        while changed := await self._batch(batch):
            done += changed
        return done

    async def _batch(self, batch: int) -> int:
        old = select(cases.c.id, cases.c.citizen_sealed).where(cases.c.marks_version != spelling.VERSION)
        async with self._database.write() as connection:
            rows = (await connection.execute(old.order_by(cases.c.id).limit(batch).with_for_update())).mappings().all()
            for row in rows:
                marks = self._rows.marks(self._rows.citizen(row))
                await connection.execute(update(cases).where(cases.c.id == row["id"]).values(marks))
        return len(rows)
