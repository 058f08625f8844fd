"""Counts each day once it is over, so that nobody waits for a report of a month."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, time, timedelta

import structlog

from crm.figures.reader import StoredFigures
from crm.figures.settled import SETTLED
from kernel.centre import JAPAN
from kernel.figures import rules_of
from kernel.ports import Centres, Clock

log = structlog.get_logger(__name__)

LOOK_SECONDS = 900.0
BETWEEN_DAYS_SECONDS = 1.0
"""A pause after each day's counting: whoever looks at a page is served in between."""

DAYS_BACK = 400


class Settling:
    """Runs beside the console. A day that can't be settled now is tried again at the next look."""

    def __init__(self, figures: StoredFigures, centres: Centres, now: Clock) -> None:
        self._figures = figures
        self._centres = centres
        self._now = now

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("the days that are over can't be counted now; trying again")
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Settle all days that are over and not kept, the newest first."""
        first, now = await self._figures.first(), self._now()
        if first is None:
            return
        rules = rules_of(await self._centres.current())
        kept = await self._figures.kept(first - timedelta(days=1), now, rules)
        for begins in _days(first, now):
            if begins not in kept:
                await self._figures.settle(begins, rules, now)
                await asyncio.sleep(BETWEEN_DAYS_SECONDS)


def _days(first: datetime, now: datetime) -> Iterator[datetime]:
    """When Japan's days began, from the last that is over back to that of ``first``, at most DAYS_BACK."""
    today = (now - SETTLED).astimezone(JAPAN).date()
    for back in range(1, min((today - first.astimezone(JAPAN).date()).days, DAYS_BACK) + 1):
        yield datetime.combine(today - timedelta(days=back), time(), JAPAN)
