"""The versions of the centre's document (kernel.ports.Centres): each change is kept, with who made it and when."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from pydantic import ValidationError
from sqlalchemy import RowMapping, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from crm.announcer import Announcer
from crm.database import Database
from crm.errors import Changed, StoreError, told
from crm.log import append
from crm.tables import centre_versions
from kernel.centre import Centre
from kernel.events import Event, EventKind

log = structlog.get_logger(__name__)

FRESH_SECONDS = 1.0
PATIENCE_SECONDS = 0.5


class NoCentre(StoreError):
    """No version was ever saved."""


@dataclass(frozen=True, slots=True)
class CentreVersion:
    """The document as ``by`` saved it at ``at`` (aware, UTC)."""

    version: int
    at: datetime
    by: str
    centre: Centre


@dataclass(frozen=True, slots=True)
class KeptVersion:
    """A version as it lies in the store, which this version of the platform may no longer read as a Centre."""

    version: int
    at: datetime
    by: str
    document: Mapping[str, object]


class CentreVersions:
    """Calls ask at each step, so the newest version is remembered; a store that hangs holds no call up for long."""

    def __init__(
        self, database: Database, announcer: Announcer, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._database = database
        self._announcer = announcer
        self._monotonic = monotonic
        self._newest: CentreVersion | None = None
        self._asked = float("-inf")
        self._asking: asyncio.Task[None] | None = None

    async def current(self) -> Centre:
        """The newest document, at most FRESH_SECONDS old while the store answers. Raises NoCentre."""
        version = await self.current_version()
        if version is None:
            raise NoCentre("the centre has no configuration yet: `denwa seed` loads the seed file")
        return version.centre

    async def current_version(self) -> CentreVersion | None:
        """As ``current``, with who saved it and when; None where nothing was ever saved."""
        if self._newest is None:
            await self.refresh()
        elif self._monotonic() - self._asked >= FRESH_SECONDS:
            await self._refresh_patiently()
        return self._newest

    async def refresh(self) -> None:
        """Read the newest version now: for news of CENTRE_CHANGED. Raises what the database raises."""
        self._asked = self._monotonic()
        async with self._database.read() as connection:
            newest = await _newest_number(connection)
            if newest and (self._newest is None or newest != self._newest.version):
                self._remember(await _read(connection, newest))

    async def save(
        self, centre: Centre, *, by: str, now: datetime, expected_version: int, also: Sequence[Event] = ()
    ) -> CentreVersion:
        """Make ``centre`` the newest version, if ``expected_version`` (0: none) still is. Raises Changed.

        ``also`` are events that say what the change was.
        """
        async with self._database.in_turn() as connection:
            newest = await _newest_number(connection)
            if newest != expected_version:
                other = await _read(connection, newest)
                raise Changed("the centre's configuration", other.by, other.at)
            saved = CentreVersion(newest + 1, now, by, centre)
            document = centre.model_dump(mode="json")
            row = {"version": saved.version, "at": now, "by": by, "document": document}
            await connection.execute(insert(centre_versions).values(row))
            news = Event(EventKind.CENTRE_CHANGED, now, operator=by, data={"version": saved.version})
            stored = await append(connection, [news, *also])
        self._remember(saved)
        self._announcer.announce(stored)
        return saved

    async def history(self, limit: int = 50) -> Sequence[CentreVersion]:
        """The last versions, newest first."""
        wanted = select(centre_versions).order_by(centre_versions.c.version.desc()).limit(limit)
        async with self._database.read() as connection:
            return [_version(row) for row in (await connection.execute(wanted)).mappings()]

    async def kept(self, limit: int, up_to: int | None = None) -> Sequence[KeptVersion]:
        """The last ``limit`` versions, of those up to ``up_to``, newest first."""
        wanted = select(centre_versions).order_by(centre_versions.c.version.desc()).limit(limit)
        if up_to is not None:
            wanted = wanted.where(centre_versions.c.version <= up_to)
        async with self._database.read() as connection:
            rows = (await connection.execute(wanted)).mappings().all()
        return [KeptVersion(row["version"], row["at"], row["by"], row["document"]) for row in rows]

    def _remember(self, version: CentreVersion) -> None:
        if self._newest is None or version.version > self._newest.version:
            self._newest = version

    async def _refresh_patiently(self) -> None:
        """The last known version serves on while the store fails or hangs; one question is under way at a time."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._refresh_or_say(), name="read the centre's version")
        await asyncio.wait({self._asking}, timeout=PATIENCE_SECONDS)

    async def _refresh_or_say(self) -> None:
        try:
            await self.refresh()
        except Exception as wrong:
            log.error("the centre's version can't be read; the last known one serves on", error=told(wrong))


async def _newest_number(connection: AsyncConnection) -> int:
    return (await connection.execute(select(func.coalesce(func.max(centre_versions.c.version), 0)))).scalar_one()


async def _read(connection: AsyncConnection, version: int) -> CentreVersion:
    wanted = select(centre_versions).where(centre_versions.c.version == version)
    return _version((await connection.execute(wanted)).mappings().one())


def _version(row: RowMapping) -> CentreVersion:
    try:
        centre = Centre.model_validate(row["document"])
    except ValidationError as wrong:
        raise StoreError(
            f"version {row['version']} of the centre does not suit this version of the platform; "
            f"load a seed file that does: {wrong.errors(include_url=False, include_input=False)}"
        ) from None
    return CentreVersion(row["version"], row["at"], row["by"], centre)
