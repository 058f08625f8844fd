"""Walls: screens that show the wallboard, and nothing else, with nobody logged in at them.

A person's session ends with the shift; a wall must not ask for a password at three in the morning. So a supervisor
makes a browser a wall's: it gets a token of its own that opens the wallboard alone and can do nothing. It lasts until a
supervisor ends it, its supervisor's account is disabled, or the screen was off for longer than a long holiday.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, delete, insert, select, update

from crm.database import Database
from crm.tables import displays, users

IDLE = timedelta(days=14)
"""Off for so long; the turn of the year is ten days."""
SEEN_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Display:
    """``name`` tells walls apart on a page and opens nothing. ``by`` is the user who opened it."""

    name: str
    by: str
    opened: datetime
    seen: datetime


class Displays:
    """Opens, finds and ends walls. The store knows a token's hash only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, by: str, now: datetime) -> str:
        """The token of a new wall; those that have been off for too long are swept out with it."""
        token = secrets.token_urlsafe(32)
        row = {"token_hash": _hash(token), "name": secrets.token_hex(4), "by": by, "opened": now, "seen": now}
        async with self._database.write() as connection:
            await connection.execute(delete(displays).where(displays.c.seen <= now - IDLE))
            await connection.execute(insert(displays).values(row))
        return token

    async def find(self, token: str, now: datetime) -> Display | None:
        """The wall of ``token`` while it lasts; to be asked for is to be on."""
        found = await self._all(now, displays.c.token_hash == _hash(token))
        if found and now - found[0].seen >= SEEN_EVERY:
            async with self._database.write() as connection:
                seen = update(displays).where(displays.c.token_hash == _hash(token)).values(seen=now)
                await connection.execute(seen)
        return found[0] if found else None

    async def list(self, now: datetime) -> Sequence[Display]:
        """Those that last, the oldest first."""
        return await self._all(now)

    async def end(self, name: str) -> None:
        """Show nothing there any more; harmless when it is over already."""
        async with self._database.write() as connection:
            await connection.execute(delete(displays).where(displays.c.name == name))

    async def _all(self, now: datetime, *also: ColumnElement[bool]) -> list[Display]:
        columns = displays.c.name, displays.c.by, displays.c.opened, displays.c.seen
        wanted = select(*columns).join(users).where(~users.c.disabled, displays.c.seen > now - IDLE, *also)
        async with self._database.read() as connection:
            return [Display(*row) for row in await connection.execute(wanted.order_by(displays.c.opened))]


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()
