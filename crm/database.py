"""One address of a database, and the ways to use it: read, write, write in turn, and in one step."""

from __future__ import annotations

import asyncio
import errno
import os
import sqlite3
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Dialect, Table, event, make_url, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from crm.errors import StoreError
from crm.one_step import OneStep

T = TypeVar("T")

TURN = 0x64656E7761
"""The advisory lock of PostgreSQL whose holder may append to the log ("denwa" in ASCII)."""

BUSY_MS = 10_000
LOCAL = frozenset({"", "localhost", "127.0.0.1", "::1"})
ENCRYPTED = frozenset({"require", "verify-ca", "verify-full"})

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # a commit survives a power cut (Q4)
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={BUSY_MS}",
)

LIVENESS = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,  # ms; a server that vanished is noticed, not waited for
}


class Database:
    """Connections to one database. Errors carry no parameters, so that none reaches a log (Q2)."""

    def __init__(self, url: str) -> None:
        """Raise StoreError for an address that is not one of ours, or that would send data over a network in clear."""
        self.url = _checked(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite(self.url) if self.sqlite else _postgresql(self.url)
        self._writer = self.engine.execution_options(denwa_begin="BEGIN IMMEDIATE")
        self._one_writer = asyncio.Lock()
        self._one_step = OneStep(Path(self.url.database or ""), PRAGMAS)

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[AsyncConnection]:
        """A connection to look things up with."""
        async with self.engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[AsyncConnection]:
        """A transaction, committed when the block ends well.

        SQLite has one writer; the writers of this process queue here, where it is quicker and fairer than in its file.
        """
        async with self._one_writer if self.sqlite else nullcontext(), self._writer.begin() as connection:
            yield connection

    @asynccontextmanager
    async def in_turn(self) -> AsyncGenerator[AsyncConnection]:
        """A transaction that alone may append to the log until its commit: ids grow in the order of commits."""
        async with self.write() as connection:
            if not self.sqlite:
                await connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": TURN})
            yield connection

    async def in_one_step(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """As ``in_turn``, for SQLite alone, where ``work`` does all at once in a thread. Raises sqlite3.Error."""
        async with self._one_writer:
            return await self._one_step.run(work)

    async def close(self) -> None:
        await self._one_step.close()
        await self.engine.dispose()


def insert_into(table: Table, dialect: Dialect) -> sqlite_dialect.Insert | postgresql.Insert:
    """An INSERT that knows ON CONFLICT, which both databases have."""
    return sqlite_dialect.insert(table) if dialect.name == "sqlite" else postgresql.insert(table)


def _checked(given: str) -> URL:
    try:
        url = make_url(given)
    except ArgumentError:
        raise StoreError("the database's address is not one: see DENWA_DATABASE_URL in .env.example") from None
    match url.drivername:
        case "sqlite+aiosqlite" if url.database and url.database != ":memory:":
            return url
        case "postgresql+psycopg":
            return _private(url)
        case _:
            raise StoreError(
                "the database's address must begin with sqlite+aiosqlite:///<file> or postgresql+psycopg://"
            )


def _private(url: URL) -> URL:
    """Refuse a host elsewhere without TLS (Q1); libpq's own least version is TLS 1.2."""
    host = url.host or str(url.query.get("host", ""))
    if host in LOCAL or host.startswith("/") or url.query.get("sslmode") in ENCRYPTED:
        return url
    raise StoreError(f"the database on {host} needs an encrypted connection: add ?sslmode=verify-full to its address")


def _sqlite(url: URL) -> AsyncEngine:
    _private_file(Path(url.database or ""))
    engine = create_async_engine(url, hide_parameters=True, pool_size=4, max_overflow=2)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions begin below, not by the driver's guess
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("denwa_begin", "BEGIN"))

    return engine


def _private_file(path: Path) -> None:
    """The file is its owner's alone; SQLite gives its WAL the same mode.

    One that is there is not opened: to close it would end the locks of every connection that this process has to it
    (fcntl(2)), and another process that leaves could then take the WAL away under us.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        elif not os.access(path, os.R_OK | os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as wrong:
        raise StoreError(f"the database file {path} can't be opened ({wrong.strerror}): set DENWA_VAR_DIR") from wrong


def _postgresql(url: URL) -> AsyncEngine:
    return create_async_engine(url, hide_parameters=True, pool_pre_ping=True, pool_size=8, connect_args=LIVENESS)
