"""What the store knows of recordings: facts from the journal, and what retention did about them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, select

from crm.announcer import Announcer
from crm.case_tables import histories
from crm.database import Database, insert_into
from crm.log import append
from crm.rows import recording, recording_row
from crm.tables import calls, events, recordings
from kernel.call import Stage
from kernel.events import Event, EventKind
from kernel.recording import Recording


@dataclass(frozen=True, slots=True)
class Undeleted:
    """A recording that should be gone and is not: ``recording.failure`` says why (hard case 26)."""

    recording: Recording
    tries: int
    last_try: datetime | None


class Recordings:
    """Rows of recordings. Retention alone says that one is deleted, or can't be."""

    def __init__(self, database: Database, announcer: Announcer) -> None:
        self._database = database
        self._announcer = announcer

    async def find(self, name: str) -> Recording | None:
        found = await self._all(select(recordings).where(recordings.c.name == name))
        return found[0] if found else None

    async def of_call(self, call: str) -> Sequence[Recording]:
        """Those of one call, in the order in which they were made."""
        return await self._all(select(recordings).where(recordings.c.call == call).order_by(*MADE))

    async def not_deleted(self) -> Sequence[Undeleted]:
        """What an administrator has to look at, oldest first."""
        wanted = select(recordings).where(recordings.c.failure.is_not(None), recordings.c.deleted.is_(None))
        async with self._database.read() as connection:
            rows = (await connection.execute(wanted.order_by(*MADE))).mappings().all()
        return [Undeleted(recording(row), row["tries"], row["last_try"]) for row in rows]

    async def due(
        self, made_before: datetime, calls_of: Collection[str] | None = None, *, messages_before: datetime | None = None
    ) -> Sequence[Recording]:
        """Those to delete now, of the calls named or of all.

        The history is saved and the recording has stopped (or its call has ended, whatever was recorded of that); or it
        was made before ``made_before``; and it is not known to be gone. A message waits for a history that is written
        after it, and at the longest since ``messages_before``.
        """
        is_saved = exists().where(
            histories.c.call == recordings.c.call, ~IS_MESSAGE | (histories.c.written >= recordings.c.stopped)
        )
        is_over = recordings.c.call.in_(select(calls.c.id).where(calls.c.stage == Stage.ENDED.value))
        too_old = and_(recordings.c.started < made_before, ~IS_MESSAGE) | (
            recordings.c.started < (messages_before or made_before)
        )
        due = (is_saved & (recordings.c.stopped.is_not(None) | is_over)) | too_old
        return await self._all(
            select(recordings).where(due, recordings.c.deleted.is_(None), *_of(calls_of)).order_by(*MADE)
        )

    async def deleted(self, names: Sequence[str]) -> Sequence[Recording]:
        """Those of ``names`` whose rows say that they are gone."""
        gone = select(recordings).where(recordings.c.name.in_(names), recordings.c.deleted.is_not(None))
        return await self._all(gone)

    async def known(self, names: Sequence[str]) -> frozenset[str]:
        """Those of ``names`` that have a row."""
        return frozenset(one.name for one in await self._all(select(recordings).where(recordings.c.name.in_(names))))

    async def mark_deleted(self, gone: Recording, now: datetime) -> None:
        """Say that ``gone`` is deleted; a second time too, when it had come back."""
        event = Event(EventKind.RECORDING_DELETED, now, call=gone.call or None, data={"recording": gone.name})
        await self._mark(gone, {"deleted": now, "failure": None}, now, event)

    async def mark_failed(self, kept: Recording, failure: str, now: datetime) -> None:
        """Say why ``kept`` could not be deleted; the event is stored when the reason is a new one."""
        data = {"recording": kept.name, "failure": failure}
        event = Event(EventKind.RECORDING_NOT_DELETED, now, call=kept.call or None, data=data)
        change = {"deleted": None, "failure": failure}
        await self._mark(kept, change, now, event if failure != kept.failure else None)

    async def _mark(self, one: Recording, change: dict[str, Any], now: datetime, event: Event | None) -> None:
        change = change | {"last_try": now}
        async with self._database.in_turn() as connection:
            new = insert_into(recordings, connection.dialect).values(recording_row(one) | change | {"tries": 1})
            await connection.execute(
                new.on_conflict_do_update(
                    index_elements=[recordings.c.name], set_=change | {"tries": recordings.c.tries + 1}
                )
            )
            stored = await append(connection, [event] if event else [])
        self._announcer.announce(stored)

    async def _all(self, wanted: Select[Any]) -> Sequence[Recording]:
        async with self._database.read() as connection:
            return [recording(row) for row in (await connection.execute(wanted)).mappings()]


IS_MESSAGE = exists().where(events.c.call == recordings.c.call, events.c.kind == EventKind.MESSAGE_LEFT.value)
MADE = (recordings.c.started, recordings.c.name)


def _of(calls_of: Collection[str] | None) -> list[ColumnElement[bool]]:
    return [recordings.c.call.in_(calls_of)] if calls_of is not None else []
