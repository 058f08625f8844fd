"""伝言: what callers said after the tone, until it is written up (T12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, exists, select

from crm.announcer import Announcer
from crm.case_tables import histories
from crm.database import Database
from crm.log import append
from crm.rows import CallRows
from crm.tables import calls, events, recordings
from kernel.call import Call
from kernel.events import Event, EventKind

MOST = 200
"""Messages on a page."""
WRITTEN_UP = exists().where(histories.c.call == calls.c.id, histories.c.written >= events.c.at)
"""A history that was written before the message (of a talk, earlier in the call) says nothing of it."""


@dataclass(frozen=True, slots=True)
class Message:
    """``recording`` is the recording's name, None where it is not there any more, which an operator must be told."""

    call: Call
    lasts: timedelta
    recording: str | None


class Messages:
    """Reads calls and their recordings; the journal writes them, retention deletes."""

    def __init__(self, database: Database, rows: CallRows, announcer: Announcer) -> None:
        self._database = database
        self._rows = rows
        self._announcer = announcer

    async def open(self) -> Sequence[Message]:
        """Those that nobody has written up, the oldest first, at most MOST."""
        return await self._all(_wanted().where(~WRITTEN_UP))

    async def find(self, call: str) -> Message | None:
        """That of ``call``, written up or not."""
        found = await self._all(_wanted().where(calls.c.id == call))
        return found[0] if found else None

    async def heard(self, message: Message, by: str, now: datetime) -> None:
        """Note in the log that the user ``by`` hears it."""
        event = Event(EventKind.MESSAGE_HEARD, now, message.call.id, by, message.call.queue, {"by": by})
        async with self._database.in_turn() as connection:
            stored = await append(connection, [event])
        self._announcer.announce(stored)

    async def _all(self, wanted: Select[Any]) -> Sequence[Message]:
        async with self._database.read() as connection:
            rows = (await connection.execute(wanted)).mappings().all()
        return [
            Message(
                self._rows.call(row),
                (row["recorded_to"] or row["recorded_from"]) - row["recorded_from"],
                None if row["recording_deleted"] else row["recording"],
            )
            for row in rows
        ]


def _wanted() -> Select[Any]:
    of_recording = (
        recordings.c.name.label("recording"),
        recordings.c.started.label("recorded_from"),
        recordings.c.stopped.label("recorded_to"),
        recordings.c.deleted.label("recording_deleted"),
    )
    latest = (
        select(recordings.c.name)
        .where(recordings.c.call == calls.c.id)
        .order_by(recordings.c.started.desc(), recordings.c.name)
        .limit(1)
        .correlate(calls)
        .scalar_subquery()
    )
    return (
        select(calls, *of_recording)
        .join(events, events.c.call == calls.c.id)
        .join(recordings, recordings.c.call == calls.c.id)
        .where(events.c.kind == EventKind.MESSAGE_LEFT.value, recordings.c.name == latest)
        .order_by(events.c.id)
        .limit(MOST)
    )
