"""閲覧記録: which user was shown which citizen's data, when, and where. It holds ids alone, and only grows.

A page does not wait for its record: records are gathered and committed within a moment. A normal stop commits what is
left; a crash loses those of the last GATHER_SECONDS at most. While the database takes nothing they are kept and the log
says so, and so does ``failure``.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice

import structlog
from sqlalchemy import ColumnElement, RowMapping, insert, select

from crm.database import Database
from crm.errors import NotStored, told
from crm.user_tables import viewings

log = structlog.get_logger(__name__)

GATHER_SECONDS = 0.2
RETRY_SECONDS = 1.0
AT_ONCE = 1000
PARTING_SECONDS = 30.0


class Shown(StrEnum):
    """Where citizens' data is shown."""

    DESK = "desk"
    SCREEN_POP = "screen_pop"
    HISTORY_FORM = "history_form"
    ALIKE = "alike"
    TAKEN_OVER = "taken_over"
    GIVEN_UP = "given_up"
    CALLBACKS = "callbacks"
    DIAL = "dial"
    MESSAGE_LIST = "message_list"
    MESSAGE = "message"
    MESSAGE_SOUND = "message_sound"
    CASE_LIST = "case_list"
    CASE = "case"
    ANSWER_FORM = "answer_form"
    SEARCH = "search"
    SAID = "said"
    TALK_DRAFT = "talk_draft"


@dataclass(frozen=True, slots=True)
class Citizen:
    """Whose data: the citizen of the case of that number, or of the call of that id."""

    case: int | None = None
    call: str | None = None


@dataclass(frozen=True, slots=True)
class Viewing:
    """``shown`` is a value of ``Shown``, or the word of another version of the platform."""

    at: datetime
    user: str
    shown: str
    citizen: Citizen


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter; None asks for all. ``begins`` and ``ends`` are aware, ``ends`` is not included."""

    user: str | None = None
    case: int | None = None
    begins: datetime | None = None
    ends: datetime | None = None


class Viewings:
    """``note`` never waits; one task commits."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pending: deque[Mapping[str, object]] = deque()
        self._task: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()
        self._closed = False
        self.failure: str | None = None

    def note(self, at: datetime, user: str, shown: Shown, citizens: Iterable[Citizen]) -> None:
        """``user`` is shown the data of ``citizens``. Raises NotStored once closed."""
        if self._closed:
            raise NotStored("the store is being left: nothing may be shown any more")
        where = {"at": at, "user": user, "shown": shown.value}
        self._pending.extend({**where, "case": one.case, "call": one.call} for one in citizens)
        if self._pending and self._task is None:
            self._hurry.clear()
            self._task = asyncio.create_task(self._commit(), name="commit viewings")

    async def flushed(self) -> None:
        """Return when all that was noted is committed."""
        while task := self._task:
            self._hurry.set()
            await asyncio.wait({task})

    async def close(self, patience_seconds: float = PARTING_SECONDS) -> None:
        """Commit what is left. Raises NotStored when the database takes nothing for so long."""
        self._closed = True
        self._hurry.set()
        if task := self._task:
            await asyncio.wait({task}, timeout=patience_seconds)
            task.cancel()
            await asyncio.wait({task})
        if self._pending:
            raise NotStored(f"{len(self._pending)} records of viewings are lost, the database took nothing")

    async def find(self, wanted: Wanted, limit: int | None, offset: int = 0) -> Sequence[Viewing]:
        """The newest first; ``limit`` None: all."""
        newest = select(viewings).where(*_conditions(wanted)).order_by(viewings.c.id.desc())
        async with self._database.read() as connection:
            rows = await connection.execute(newest.limit(limit).offset(offset))
            return [_viewing(row) for row in rows.mappings()]

    async def _commit(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(GATHER_SECONDS):
                await self._hurry.wait()
        while self._pending:
            batch = list(islice(self._pending, AT_ONCE))
            try:
                async with self._database.write() as connection:
                    await connection.execute(insert(viewings), batch)
            except Exception as wrong:
                self._failed(wrong)
                await asyncio.sleep(RETRY_SECONDS)
            else:
                self._worked(len(batch))
        self._task = None

    def _failed(self, wrong: Exception) -> None:
        if self.failure is None:
            log.error("who was shown what can't be recorded; trying again until it can", error=told(wrong))
        self.failure = told(wrong)

    def _worked(self, count: int) -> None:
        for _ in range(count):
            self._pending.popleft()
        if self.failure is not None:
            log.warning("who was shown what is recorded again")
        self.failure = None


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    columns, found = viewings.c, list[ColumnElement[bool]]()
    if wanted.user is not None:
        found.append(columns.user == wanted.user)
    if wanted.case is not None:
        found.append(columns.case == wanted.case)
    if wanted.begins is not None:
        found.append(columns.at >= wanted.begins)
    if wanted.ends is not None:
        found.append(columns.at < wanted.ends)
    return found


def _viewing(row: RowMapping) -> Viewing:
    return Viewing(row["at"], row["user"], row["shown"], Citizen(row["case"], row["call"]))
