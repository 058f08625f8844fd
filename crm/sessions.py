"""Sessions of the console. The store knows a token's hash only: who reads the table can't use it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, insert, select, update

from crm.database import Database
from crm.tables import sessions, users
from crm.users import User, user

IDLE = timedelta(hours=2)
"""Without a request; a page that is open and pushed to counts as one now and then."""

ABSOLUTE = timedelta(hours=14)
"""A shift and its margins."""

SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Session:
    """``csrf`` is the secret that every form of this session carries. ``expires`` is the absolute end."""

    user: User
    csrf: str
    opened: datetime
    expires: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """``token`` goes into the cookie and is nowhere else."""

    token: str
    session: Session


class Sessions:
    """Opens, finds and closes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, owner: User, now: datetime) -> Opened:
        """A new session; those that are long over are swept out with it."""
        token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        row = {"token_hash": _hash(token), "user": owner.id, "csrf": csrf, "opened": now, "seen": now}
        async with self._database.write() as connection:
            await connection.execute(delete(sessions).where(sessions.c.opened <= now - ABSOLUTE))
            await connection.execute(insert(sessions).values(row))
        return Opened(token, Session(owner, csrf, now, now + ABSOLUTE))

    async def find(self, token: str, now: datetime) -> Session | None:
        """The session of ``token``, while it lasts and its user is not disabled; to be asked for is not to idle."""
        wanted = select(sessions.c.csrf, sessions.c.opened, sessions.c.seen, users).join(users)
        async with self._database.read() as connection:
            found = await connection.execute(wanted.where(sessions.c.token_hash == _hash(token)))
            row = found.mappings().one_or_none()
        if row is None or row["disabled"] or now >= min(row["seen"] + IDLE, row["opened"] + ABSOLUTE):
            return None
        if now - row["seen"] >= SEEN_EVERY:
            await self._saw(token, now)
        return Session(user(row), row["csrf"], row["opened"], row["opened"] + ABSOLUTE)

    async def close(self, token: str) -> None:
        """Log out; harmless when it is over already."""
        async with self._database.write() as connection:
            await connection.execute(delete(sessions).where(sessions.c.token_hash == _hash(token)))

    async def close_all(self, user_id: str) -> None:
        """Log the user out everywhere."""
        async with self._database.write() as connection:
            await connection.execute(delete(sessions).where(sessions.c.user == user_id))

    async def _saw(self, token: str, now: datetime) -> None:
        async with self._database.write() as connection:
            await connection.execute(update(sessions).where(sessions.c.token_hash == _hash(token)).values(seen=now))


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()
