"""Sessions of the console. The store knows a token's hash only: who reads the table can't use it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import RowMapping, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from crm.database import Database
from crm.tables import sessions, users
from crm.user_rows import user
from crm.user_tables import role_rules, second_factors
from kernel.user import User

IDLE = timedelta(hours=2)
"""Without a request; a page that is open and pushed to counts as one now and then."""

ABSOLUTE = timedelta(hours=14)
"""A shift and its margins."""

CODE_WAITS = timedelta(minutes=5)
"""Between the password and the code."""

SEEN_EVERY = timedelta(minutes=1)


class Owed(StrEnum):
    """What a user must do before anything else."""

    PASSWORD = "password"  # noqa: S105  # change the one that an administrator has set
    SECOND_FACTOR = "second_factor"  # set up the one that the role asks for


@dataclass(frozen=True, slots=True)
class Session:
    """``csrf`` is the secret that every form of this session carries. ``expires`` is the absolute end."""

    user: User
    csrf: str
    opened: datetime
    expires: datetime
    owes: Owed | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """``token`` goes into the cookie and is nowhere else."""

    token: str
    session: Session


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One of a user's; ``id`` names it on a page and opens nothing."""

    id: str
    opened: datetime
    seen: datetime


class Sessions:
    """Opens, finds and closes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, owner: User, now: datetime, *, waits_for_code: bool = False) -> Opened:
        """A new session; those that are long over are swept out with it. What waits is found by ``waiting`` alone."""
        token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        row = {"token_hash": _hash(token), "user": owner.id, "csrf": csrf, "opened": now, "seen": now}
        row |= {"waits_for_code": waits_for_code}
        async with self._database.write() as connection:
            await connection.execute(delete(sessions).where(sessions.c.opened <= now - ABSOLUTE))
            await connection.execute(insert(sessions).values(row))
        return Opened(token, Session(owner, csrf, now, now + ABSOLUTE))

    async def find(self, token: str, now: datetime) -> Session | None:
        """The session of ``token``, while it lasts and its user is not disabled; to be asked for is not to idle."""
        row = await self._row(token)
        if row is None or row["waits_for_code"] or now >= min(row["seen"] + IDLE, row["opened"] + ABSOLUTE):
            return None
        if now - row["seen"] >= SEEN_EVERY:
            await self._saw(token, now)
        return Session(user(row), row["csrf"], row["opened"], row["opened"] + ABSOLUTE, _owed(row))

    async def waiting(self, token: str, now: datetime) -> User | None:
        """Who has given the right password with this ``token`` and still owes the code."""
        row = await self._row(token)
        waits = row and row["waits_for_code"] and now < row["opened"] + CODE_WAITS
        return user(row) if row and waits else None

    async def of(self, user_id: str, now: datetime) -> Sequence[OpenSession]:
        """The user's that last, newest first."""
        own = sessions.c.user == user_id, sessions.c.seen > now - IDLE, sessions.c.opened > now - ABSOLUTE
        wanted = select(sessions).where(*own, ~sessions.c.waits_for_code).order_by(sessions.c.opened.desc())
        async with self._database.read() as connection:
            rows = (await connection.execute(wanted)).mappings().all()
        return [OpenSession(_name(row["token_hash"]), row["opened"], row["seen"]) for row in rows]

    def name_of(self, token: str) -> str:
        """The ``id`` of the session of ``token``."""
        return _name(_hash(token))

    async def close(self, token: str) -> None:
        """Log out; harmless when it is over already."""
        async with self._database.write() as connection:
            await connection.execute(delete(sessions).where(sessions.c.token_hash == _hash(token)))

    async def end(self, user_id: str, id: str) -> None:
        """Close the user's session of that ``id``; harmless when it is over already."""
        own = select(sessions.c.token_hash).where(sessions.c.user == user_id)
        async with self._database.write() as connection:
            named = [mark for mark in (await connection.execute(own)).scalars() if _name(mark) == id]
            await connection.execute(delete(sessions).where(sessions.c.token_hash.in_(named)))

    async def close_all(self, user_id: str, *, but: str | None = None) -> None:
        """Log the user out everywhere, save in the session of the token ``but``."""
        async with self._database.write() as connection:
            await close_all(connection, user_id, but=but)

    async def _row(self, token: str) -> RowMapping | None:
        columns = sessions.c
        wanted = (
            select(columns.csrf, columns.opened, columns.seen, columns.waits_for_code, users)
            .add_columns(second_factors.c.confirmed, role_rules.c.second_factor_since)
            .join(users, users.c.id == columns.user)
            .outerjoin(second_factors, second_factors.c.id == users.c.id)
            .outerjoin(role_rules, role_rules.c.role == users.c.role)
            .where(columns.token_hash == _hash(token), ~users.c.disabled)
        )
        async with self._database.read() as connection:
            return (await connection.execute(wanted)).mappings().one_or_none()

    async def _saw(self, token: str, now: datetime) -> None:
        async with self._database.write() as connection:
            await connection.execute(update(sessions).where(sessions.c.token_hash == _hash(token)).values(seen=now))


async def close_all(connection: AsyncConnection, user_id: str, *, but: str | None = None) -> None:
    """As ``Sessions.close_all``, within a transaction."""
    kept = sessions.c.token_hash != _hash(but) if but else sessions.c.user == user_id
    await connection.execute(delete(sessions).where(sessions.c.user == user_id, kept))


def _owed(row: RowMapping) -> Owed | None:
    """A rule that was made while a session lasted waits for the next one: nobody is led away from a call."""
    if row["must_change"]:
        return Owed.PASSWORD
    since = row["second_factor_since"]
    return Owed.SECOND_FACTOR if since and since <= row["opened"] and row["confirmed"] is None else None


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()


def _name(token_hash: bytes) -> str:
    return sha256(token_hash).hexdigest()[:16]
