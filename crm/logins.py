"""Failed logins slow down who guesses, and nobody else.

A failure counts three times: for this user from this source, for this source, and for this user from anywhere. The
first slows down who guesses one password, the second who tries one password on everybody, the third who guesses from
many places. The latter two forgive much and forget soon, for colleagues share an address, and a browser in which the
user has once logged in (``known``) is none of their business: so nobody can be kept out of the browser of every day,
neither from a desk nearby nor from ten thousand places. A network of IPv6 (/64) is one source: it is one customer's.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import RowMapping, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from crm.database import Database, insert_into
from crm.errors import StoreError
from crm.fingerprint import Fingerprints
from crm.tables import login_failures

FREE = 3
"""Failures that cost nothing: people mistype."""

FREE_TOGETHER = 50
"""Of all users from one source, or of one user from all sources."""

FORGIVES_EVERY = timedelta(seconds=30)
"""One failure of what is counted together."""

LONGEST = timedelta(minutes=5)
FORGOTTEN = timedelta(hours=24)
KNOWN = "browser "


class TooManyFailures(StoreError):
    """Try again in ``retry_after_seconds``; until then no password is looked at."""

    def __init__(self, retry_after_seconds: float) -> None:
        super().__init__(f"too many failed logins from here: try again in {retry_after_seconds:.0f} s")
        self.retry_after_seconds = retry_after_seconds


@dataclass(frozen=True, slots=True)
class Count:
    """One thing that is counted; what fades loses one each FORGIVES_EVERY."""

    name: str
    free: int
    fades: bool


def counts(user: str, source: str) -> tuple[Count, ...]:
    """What a failure counts for. ``source`` is an address, or what ``Logins.known_source`` gave."""
    if source.startswith(KNOWN):
        return (Count(f"{source}\0{user}", FREE, fades=False),)
    network = network_of(source)
    return (
        Count(f"{network}\0{user}", FREE, fades=False),
        Count(f"from {network}", FREE_TOGETHER, fades=True),
        Count(f"of\0{user}", FREE_TOGETHER, fades=True),
    )


def network_of(source: str) -> str:
    """The address, for IPv6 its /64; what is no address stands for itself."""
    try:
        address = ip_address(source.partition("%")[0])
    except ValueError:
        return source
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped or ip_network((address, 64), strict=False))
    return str(address)


def pause(failures: int, free: int = FREE) -> timedelta:
    """How long to wait after that many failures in a row: 2 s, 4 s, 8 s … once those that are ``free`` are used up."""
    if failures < free:
        return timedelta()
    return min(timedelta(seconds=2 ** min(failures - free + 1, 30)), LONGEST)


class Logins:
    """Counts attempts before they are judged, so that many at once are no way round."""

    def __init__(self, database: Database, fingerprints: Fingerprints) -> None:
        self._database = database
        self._fingerprints = fingerprints

    async def attempt(self, user: str, source: str, now: datetime) -> None:
        """Count one failure, until ``succeeded`` takes it back. Raises TooManyFailures; then nothing is counted."""
        await self._count(counts(user, source), now)

    async def attempt_code(self, user: str, now: datetime) -> None:
        """As ``attempt``, for the code after the right password, wherever from: who is here knows the password."""
        await self._count((_code(user),), now)

    async def succeeded(self, user: str, source: str) -> None:
        """Forget the failures of ``user`` from ``source``; of what is counted together only this attempt."""
        async with self._database.write() as connection:
            for one in counts(user, source):
                own = login_failures.c.source_index == self._mark(one)
                fewer = update(login_failures).where(own, login_failures.c.failures > 0)
                less = {"failures": login_failures.c.failures - 1}
                await connection.execute(fewer.values(less) if one.fades else delete(login_failures).where(own))

    async def code_succeeded(self, user: str) -> None:
        """Forget the wrong codes of ``user``."""
        own = login_failures.c.source_index == self._mark(_code(user))
        async with self._database.write() as connection:
            await connection.execute(delete(login_failures).where(own))

    def token_of_browser(self, user: str, nonce: str) -> str:
        """What a browser keeps in which ``user`` has logged in: nobody else can make it."""
        mark = self._fingerprints.of("browser", f"{nonce}\0{user}") or b""
        return f"{nonce}.{mark.hex()}"

    def known_source(self, user: str, token: str) -> str | None:
        """The source of a browser with ``token``, None where ``user`` has never logged in there."""
        nonce = token.partition(".")[0]
        known = nonce and hmac.compare_digest(self.token_of_browser(user, nonce).encode(), token.encode())
        return f"{KNOWN}{nonce}" if known else None

    async def _count(self, counted: Sequence[Count], now: datetime) -> None:
        async with self._database.write() as connection:
            await connection.execute(delete(login_failures).where(login_failures.c.last < now - FORGOTTEN))
            rows = [(one, await self._locked(connection, self._mark(one), now)) for one in counted]
            failures = [(one, row, faded(one, row, now)) for one, row in rows]
            wait = max(_left(row, pause(number, one.free), now) for one, row, number in failures)
            if wait > timedelta():
                raise TooManyFailures(wait.total_seconds())
            for _, row, number in failures:
                own = login_failures.c.source_index == row["source_index"]
                await connection.execute(update(login_failures).where(own).values(failures=number + 1, last=now))

    async def _locked(self, connection: AsyncConnection, mark: bytes | None, now: datetime) -> RowMapping:
        """The row to count in, ours alone until the commit; made first, so that there is something to lock."""
        new = insert_into(login_failures, connection.dialect).values(source_index=mark, failures=0, last=now)
        await connection.execute(new.on_conflict_do_nothing())
        wanted = select(login_failures).where(login_failures.c.source_index == mark).with_for_update()
        return (await connection.execute(wanted)).mappings().one()

    def _mark(self, count: Count) -> bytes | None:
        return self._fingerprints.of("login", count.name)


def faded(count: Count, row: RowMapping, now: datetime) -> int:
    """The failures of ``row`` that still count."""
    forgiven = (now - row["last"]) // FORGIVES_EVERY if count.fades else 0
    return max(0, row["failures"] - max(0, forgiven))


def _left(row: RowMapping, pause: timedelta, now: datetime) -> timedelta:
    return row["last"] + pause - now if pause else timedelta()


def _code(user: str) -> Count:
    return Count(f"code\0{user}", FREE, fades=False)
