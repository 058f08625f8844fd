"""Failed logins slow down who guesses, and nobody else: they are counted by source and user together."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import RowMapping, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from crm.database import Database, insert_into
from crm.errors import StoreError
from crm.fingerprint import Fingerprints
from crm.tables import login_failures

FREE = 3
"""Failures that cost nothing: people mistype."""

LONGEST = timedelta(minutes=5)
FORGOTTEN = timedelta(hours=24)


class TooManyFailures(StoreError):
    """Try again in ``retry_after_seconds``; until then no password is looked at."""

    def __init__(self, retry_after_seconds: float) -> None:
        super().__init__(f"too many failed logins from here: try again in {retry_after_seconds:.0f} s")
        self.retry_after_seconds = retry_after_seconds


def pause(failures: int) -> timedelta:
    """How long to wait after that many failures in a row: 2 s, 4 s, 8 s … from the third on."""
    if failures < FREE:
        return timedelta()
    return min(timedelta(seconds=2 ** min(failures - FREE + 1, 30)), LONGEST)


class Logins:
    """Counts attempts before they are judged, so that many at once are no way round."""

    def __init__(self, database: Database, fingerprints: Fingerprints) -> None:
        self._database = database
        self._fingerprints = fingerprints

    async def attempt(self, user: str, source: str, now: datetime) -> None:
        """Count one failure, until ``succeeded`` takes it back. Raises TooManyFailures."""
        mark = self._mark(user, source)
        async with self._database.write() as connection:
            await connection.execute(delete(login_failures).where(login_failures.c.last < now - FORGOTTEN))
            row = await self._locked(connection, mark, now)
            if (wait := row["last"] + pause(row["failures"]) - now) > timedelta():
                raise TooManyFailures(wait.total_seconds())
            own = login_failures.c.source_index == mark
            failures = login_failures.c.failures + 1
            await connection.execute(update(login_failures).where(own).values(failures=failures, last=now))

    async def _locked(self, connection: AsyncConnection, mark: bytes | None, now: datetime) -> RowMapping:
        """The row to count in, ours alone until the commit; made first, so that there is something to lock."""
        new = insert_into(login_failures, connection.dialect).values(source_index=mark, failures=0, last=now)
        await connection.execute(new.on_conflict_do_nothing())
        wanted = select(login_failures).where(login_failures.c.source_index == mark).with_for_update()
        return (await connection.execute(wanted)).mappings().one()

    async def succeeded(self, user: str, source: str) -> None:
        """Forget the failures of ``user`` from ``source``."""
        own = login_failures.c.source_index == self._mark(user, source)
        async with self._database.write() as connection:
            await connection.execute(delete(login_failures).where(own))

    def _mark(self, user: str, source: str) -> bytes | None:
        return self._fingerprints.of("login", f"{source}\0{user}")
