"""A real store for a test: migrated, with keys of its own."""

from __future__ import annotations

import asyncio
import atexit
import shutil
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

from crm.keyring import Keyring
from crm.migrate import migrate
from crm.store import Store, open_store
from kernel.ports import Bus


@asynccontextmanager
async def fresh_store(folder: Path, bus: Bus | None = None, keyring: Keyring | None = None) -> AsyncGenerator[Store]:
    """A new SQLite store in ``folder``."""
    async with open_store(await new_sqlite(folder), keyring or Keyring.new(), bus) as store:
        yield store


async def new_sqlite(folder: Path) -> str:
    """The address of a new database, migrated once and copied for each test."""
    file = folder / "denwa.db"
    shutil.copyfile(await asyncio.to_thread(_migrated), file)
    return sqlite_url(file)


def sqlite_url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


@cache
def _migrated() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="denwa-migrated"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    asyncio.run(migrate(sqlite_url(folder / "denwa.db")))
    return folder / "denwa.db"
