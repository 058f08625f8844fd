"""The directory in the store: entries, and the log of who changed them, which only grows."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from crm.announcer import Announcer
from crm.database import Database
from crm.directory.rows import as_json, entry_of, from_json, plain
from crm.directory.values import Change, Kept, Replaced
from crm.directory_tables import directory_changes, directory_entries
from crm.errors import Changed, StoreError
from crm.log import append
from kernel.directory import Entry
from kernel.events import Event, EventKind, StoredEvent

entries, changes = directory_entries, directory_changes


class ExtensionTaken(StoreError):
    """Another entry has that extension."""

    def __init__(self, other: Entry) -> None:
        super().__init__(f"the extension {other.extension} is that of {other.name}: change or remove that entry first")
        self.other = other


class NoSuchEntry(StoreError):
    """What was to be changed was never there."""


class Directory:
    """Each change is stored with its line in the log and with DIRECTORY_CHANGED, in one transaction."""

    def __init__(self, database: Database, announcer: Announcer) -> None:
        self._database = database
        self._announcer = announcer

    async def all(self) -> Sequence[Kept]:
        """Every entry, in the order of the directory."""
        async with self._database.read() as connection:
            return await _all(connection)

    async def find(self, id: str) -> Kept | None:
        """The entry of that id."""
        async with self._database.read() as connection:
            return await _find(connection, id)

    async def at(self, extension: str) -> Entry | None:
        """Whose extension it is."""
        wanted = select(entries).where(entries.c.extension == extension)
        async with self._database.read() as connection:
            row = (await connection.execute(wanted)).mappings().first() if extension else None
        return _kept(row).entry if row else None

    async def save(self, entry: Entry, *, by: str, now: datetime, expected_version: int) -> Kept:
        """Add ``entry`` (``expected_version`` 0) or change it. Raises Changed, ExtensionTaken."""
        async with self._changing(by, now) as connection:
            before = await _expected(connection, entry.id, expected_version)
            await _require_free(connection, entry)
            kept = Kept(entry, expected_version + 1, now, by)
            place = await _next_place(connection) if before is None else None
            await _write(connection, kept, place)
            await _log(connection, [Change(now, by, entry.id, before.entry if before else None, entry)])
        return kept

    async def remove(self, id: str, *, by: str, now: datetime, expected_version: int) -> None:
        """Take the entry out. Raises Changed where it is not there any more, or another than was shown."""
        async with self._changing(by, now) as connection:
            before = await _expected(connection, id, expected_version)
            if before:
                await connection.execute(delete(entries).where(entries.c.id == id))
                await _log(connection, [Change(now, by, id, before.entry, None)])

    async def replace(self, new: Sequence[Entry], *, by: str, now: datetime) -> Replaced:
        """Make ``new`` the directory: what is not in it is removed, what is equal stays as it is."""
        async with self._changing(by, now) as connection:
            old = {kept.entry.id: kept for kept in await _all(connection)}
            gone = [id for id in old if id not in {entry.id for entry in new}]
            changed = [one for one in new if one.id in old and one != old[one.id].entry]
            added = [one for one in new if one.id not in old]
            await _rewrite(connection, new, old, by, now)
            said = [Change(now, by, id, old[id].entry, None) for id in gone]
            said += [Change(now, by, one.id, old[one.id].entry, one) for one in changed]
            await _log(connection, [*said, *(Change(now, by, one.id, None, one) for one in added)])
        return Replaced(len(added), len(changed), len(gone))

    async def changes(self, limit: int = 100, entry: str | None = None) -> Sequence[Change]:
        """The last changes, of all or of one entry, newest first."""
        wanted = select(changes).order_by(changes.c.id.desc()).limit(limit)
        if entry is not None:
            wanted = wanted.where(changes.c.entry == entry)
        async with self._database.read() as connection:
            return [_change(row) for row in (await connection.execute(wanted)).mappings()]

    async def log(self) -> Sequence[Change]:
        """All changes that there ever were, oldest first: what the directory was at any time."""
        async with self._database.read() as connection:
            found = await connection.execute(select(changes).order_by(changes.c.id))
            return [_change(row) for row in found.mappings()]

    @asynccontextmanager
    async def _changing(self, by: str, now: datetime) -> AsyncGenerator[AsyncConnection]:
        stored: Sequence[StoredEvent] = ()
        async with self._database.in_turn() as connection:
            last = await _last_change(connection)
            yield connection
            if (version := await _last_change(connection)) != last:
                news = Event(EventKind.DIRECTORY_CHANGED, now, data={"by": by, "version": version})
                stored = await append(connection, [news])
        self._announcer.announce(stored)


async def _all(connection: AsyncConnection) -> list[Kept]:
    found = await connection.execute(select(entries).order_by(entries.c.place, entries.c.id))
    return [_kept(row) for row in found.mappings()]


async def _find(connection: AsyncConnection, id: str) -> Kept | None:
    row = (await connection.execute(select(entries).where(entries.c.id == id))).mappings().first()
    return _kept(row) if row else None


async def _expected(connection: AsyncConnection, id: str, version: int) -> Kept | None:
    """The entry, if it is of ``version`` (0: not there). Raises Changed."""
    kept = await _find(connection, id)
    if (kept.version if kept else 0) == version:
        return kept
    if kept:
        raise Changed("the entry", kept.by, kept.at)
    newest = select(changes).where(changes.c.entry == id).order_by(changes.c.id.desc()).limit(1)
    last = (await connection.execute(newest)).mappings().first()
    if last is None:
        raise NoSuchEntry(f"there was never an entry {id} in the directory")
    raise Changed("the entry", last["by"], last["at"])


async def _require_free(connection: AsyncConnection, entry: Entry) -> None:
    taken = select(entries).where(entries.c.extension == entry.extension, entries.c.id != entry.id)
    row = (await connection.execute(taken)).mappings().first() if entry.extension else None
    if row:
        raise ExtensionTaken(entry_of({**row}))


async def _write(connection: AsyncConnection, kept: Kept, place: int | None) -> None:
    row = _row(kept)
    if place is None:
        await connection.execute(update(entries).where(entries.c.id == kept.entry.id).values(row))
    else:
        await connection.execute(insert(entries).values(row | {"place": place}))


async def _rewrite(
    connection: AsyncConnection, new: Sequence[Entry], old: Mapping[str, Kept], by: str, now: datetime
) -> None:
    """All rows anew: extensions may have changed places, and each stands alone at every moment."""
    rows: list[dict[str, Any]] = []
    for place, entry in enumerate(new):
        before = old.get(entry.id)
        if before is None or before.entry != entry:
            before = Kept(entry, before.version + 1 if before else 1, now, by)
        rows.append(_row(before) | {"place": place})
    await connection.execute(delete(entries))
    if rows:
        await connection.execute(insert(entries), rows)


async def _log(connection: AsyncConnection, said: Sequence[Change]) -> None:
    last = await _last_change(connection)
    rows = [
        {
            "id": id,
            "at": one.at,
            "by": one.by,
            "entry": one.entry,
            "before": as_json(one.before),
            "after": as_json(one.after),
        }
        for id, one in enumerate(said, start=last + 1)
    ]
    if rows:
        await connection.execute(insert(changes), rows)


async def _last_change(connection: AsyncConnection) -> int:
    return (await connection.execute(select(func.coalesce(func.max(changes.c.id), 0)))).scalar_one()


async def _next_place(connection: AsyncConnection) -> int:
    return (await connection.execute(select(func.coalesce(func.max(entries.c.place), -1)))).scalar_one() + 1


def _row(kept: Kept) -> dict[str, Any]:
    return plain(kept.entry) | {"version": kept.version, "changed": kept.at, "changed_by": kept.by}


def _kept(row: RowMapping) -> Kept:
    return Kept(entry_of({**row}), row["version"], row["changed"], row["changed_by"])


def _change(row: RowMapping) -> Change:
    return Change(row["at"], row["by"], row["entry"], from_json(row["before"]), from_json(row["after"]))
