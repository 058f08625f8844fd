"""What is typed into a history's form and not saved yet: sealed, one for each form and author, kept for some days.

A form is named by the call that it writes up, or by ``case_form``. A draft goes when its history is saved, in one
transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import RowMapping, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from crm.case_tables import drafts, histories
from crm.database import Database, insert_into
from crm.keyring import Keyring
from crm.sealing import Place, Sealer


@dataclass(frozen=True, slots=True)
class Draft:
    """``fields`` as typed, by name. ``version`` grows with each save, ``window`` is the browser window that saved."""

    about: str
    author: str
    saved: datetime
    window: str
    version: int
    fields: Mapping[str, str]


def case_form(case: str) -> str:
    """Names the form that adds a history without a call to the case of that id."""
    return f"case {case}"


async def drop_draft(connection: AsyncConnection, about: str, author: str) -> None:
    """Within the transaction that saves what was drafted."""
    await connection.execute(delete(drafts).where(drafts.c.id == _id(about, author)))


class Drafts:
    """Keeps them."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database = database
        self._sealer = Sealer(keyring)

    async def save(
        self,
        about: str,
        author: str,
        fields: Mapping[str, str],
        now: datetime,
        *,
        window: str,
        written: int = 0,
        history: str | None = None,
    ) -> Draft | None:
        """Keep ``fields`` in the place of what was kept; None, and nothing kept, where the history is saved meanwhile.

        ``written`` is the version of the history that the form shows: a draft that arrives late, after its history was
        saved, must not come back. ``history`` is the id that a history without a call will have.
        """
        async with self._database.in_turn() as connection:  # not beside the transaction that saves the history
            own = or_(histories.c.call == about, histories.c.id == history)
            newest = select(func.coalesce(func.max(histories.c.version), 0)).where(own)
            if (await connection.execute(newest)).scalar_one() > written:
                return None
            known = select(drafts.c.version).where(drafts.c.id == _id(about, author))
            version = ((await connection.execute(known)).scalar_one_or_none() or 0) + 1
            draft = Draft(about, author, now, window, version, dict(fields))
            row = self._row(draft)
            statement = insert_into(drafts, connection.dialect).values(row)
            await connection.execute(statement.on_conflict_do_update(index_elements=[drafts.c.id], set_=row))
        return draft

    async def about(self, *forms: str) -> Sequence[Draft]:
        """Everybody's drafts of these forms, the newest first."""
        wanted = select(drafts).where(drafts.c.about.in_(forms)).order_by(drafts.c.saved.desc(), drafts.c.id)
        async with self._database.read() as connection:
            return [self._draft(row) for row in (await connection.execute(wanted)).mappings()]

    async def find(self, about: str, author: str) -> Draft | None:
        """The author's own."""
        async with self._database.read() as connection:
            own = select(drafts).where(drafts.c.id == _id(about, author))
            row = (await connection.execute(own)).mappings().one_or_none()
        return self._draft(row) if row else None

    async def discard(self, about: str, author: str) -> None:
        """The author doesn't want it."""
        async with self._database.write() as connection:
            await drop_draft(connection, about, author)

    async def sweep(self, before: datetime) -> int:
        """Drop those that nobody has touched since ``before`` (aware); returns how many."""
        async with self._database.write() as connection:
            return (await connection.execute(delete(drafts).where(drafts.c.saved < before))).rowcount

    def _row(self, draft: Draft) -> dict[str, object]:
        id = _id(draft.about, draft.author)
        return {
            "id": id,
            "about": draft.about,
            "author": draft.author,
            "saved": draft.saved,
            "window": draft.window,
            "version": draft.version,
            "fields_sealed": self._sealer.seal(draft.fields, _place(id)),
            "key_version": self._sealer.version,
        }

    def _draft(self, row: RowMapping) -> Draft:
        fields = cast("dict[str, str]", self._sealer.open(row["fields_sealed"], _place(row["id"])))
        return Draft(row["about"], row["author"], row["saved"], row["window"], row["version"], fields)


def _id(about: str, author: str) -> str:
    return f"{about}~{author}"


def _place(id: str) -> Place:
    return Place("drafts", "fields", id)
