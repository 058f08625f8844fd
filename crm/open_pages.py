"""Who has a case or a form open now: marks with a time to live, renewed by the pages themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from crm.case_tables import open_pages
from crm.database import Database, insert_into
from crm.tables import users

LIVES = timedelta(seconds=75)
"""A browser renews its mark every 20 s, once a minute while its window is hidden."""


@dataclass(frozen=True, slots=True)
class Reader:
    """``user`` has ``about`` open; unless renewed, until ``until``."""

    about: str
    user: str
    name: str
    until: datetime


class OpenPages:
    """Keeps the marks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def opened(self, about: Sequence[str], user: str, now: datetime) -> bool:
        """Mark, or mark anew, that ``user`` has all of these open; True where that was not known of one of them."""
        if not about:
            return False
        mine = select(open_pages.c.about).where(open_pages.c.about.in_(about), open_pages.c.user == user)
        async with self._database.write() as connection:
            known = (await connection.execute(mine.where(open_pages.c.seen > now - LIVES))).scalars().all()
            statement = insert_into(open_pages, connection.dialect)
            anew = statement.on_conflict_do_update(
                index_elements=list(open_pages.primary_key), set_={"seen": statement.excluded.seen}
            )
            await connection.execute(anew, [{"about": one, "user": user, "seen": now} for one in about])
        return len(known) < len(set(about))

    async def closed(self, about: Sequence[str], user: str) -> None:
        """Take the marks away at once; another window of the same user soon marks anew."""
        async with self._database.write() as connection:
            mine = open_pages.c.user == user
            await connection.execute(delete(open_pages).where(open_pages.c.about.in_(about), mine))

    async def readers(self, about: Sequence[str], now: datetime, but: str = "") -> Sequence[Reader]:
        """Who has any of these open, by name; without the user ``but``."""
        wanted = (
            select(open_pages, users.c.name)
            .outerjoin(users, users.c.id == open_pages.c.user)
            .where(open_pages.c.about.in_(about), open_pages.c.seen > now - LIVES, open_pages.c.user != but)
            .order_by(open_pages.c.user, open_pages.c.about)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(wanted)).mappings()
            return [Reader(row["about"], row["user"], row["name"] or row["user"], row["seen"] + LIVES) for row in rows]

    async def sweep(self, now: datetime) -> None:
        """Drop the marks that have expired."""
        async with self._database.write() as connection:
            await connection.execute(delete(open_pages).where(open_pages.c.seen <= now - LIVES))
