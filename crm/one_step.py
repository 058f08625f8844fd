"""SQLite in one step: a whole transaction by a thread of its own, on a connection of its own.

A statement through the asynchronous driver costs three changes of threads, a transaction of the journal twenty: more
than all that SQLite does in it.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Dialect
from sqlalchemy.sql.dml import Insert

T = TypeVar("T")


class OneStep:
    """Opened at the first use. ``run`` is not for two at a time."""

    def __init__(self, path: Path, pragmas: Sequence[str]) -> None:
        self._path = path
        self._pragmas = pragmas
        self._thread = ThreadPoolExecutor(1, "sqlite journal")
        self._connection: sqlite3.Connection | None = None

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What ``work`` returns, done in a transaction that is committed when it ends well. Raises sqlite3.Error."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._transact, work)

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown(wait=False)

    def _transact(self, work: Callable[[sqlite3.Connection], T]) -> T:
        connection = self._connection = self._connection or self._open()
        connection.execute("BEGIN IMMEDIATE")
        try:
            done = work(connection)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return done

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=True)
        for pragma in self._pragmas:
            connection.execute(pragma)
        return connection

    def _close(self) -> None:
        if self._connection:
            self._connection.close()
            self._connection = None


class Prepared:
    """A statement of SQLAlchemy's that is compiled once, for rows of ``names``."""

    def __init__(self, statement: Insert, dialect: Dialect, names: Iterable[str]) -> None:
        columns = [statement.table.c[name] for name in names]
        given = [column.name for column in columns]
        compiled = statement.compile(dialect=dialect, column_keys=given)
        self._sql = str(compiled)
        self._names: list[str] = list(compiled.positiontup or ())
        self._constants = {name: value for name, value in compiled.params.items() if name not in given}
        processors = {column.name: column.type.dialect_impl(dialect).bind_processor(dialect) for column in columns}
        self._processors = {name: processor for name, processor in processors.items() if processor}

    def execute(self, connection: sqlite3.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Once for each row. Raises sqlite3.Error, and what a value refuses to become."""
        connection.executemany(self._sql, [self._values(row) for row in rows])

    def _values(self, row: Mapping[str, Any]) -> list[Any]:
        return [self._value(name, row) for name in self._names]

    def _value(self, name: str, row: Mapping[str, Any]) -> Any:
        if name in self._constants:
            return self._constants[name]
        processor = self._processors.get(name)
        return processor(row[name]) if processor else row[name]
