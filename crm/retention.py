"""Recordings are not kept (T12), nor what was said to a voicebot or sent by SMS, nor drafts made of talks: gone within
a second of the history, and swept for what was missed.

The order is: history committed, file removed, row. Whatever dies in between, the next sweep finds a history with a
recording, or a file with no right to be there, and does the rest (hard cases 25 and 26).
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

import structlog

from crm.errors import told
from crm.recording_files import RecordingFile, delete, listed
from crm.recordings import Recordings
from kernel.events import EventKind
from kernel.news import news
from kernel.ports import Bus, Clock, EventLog
from kernel.recording import Recording

log = structlog.get_logger(__name__)

SWEEP_SECONDS = 60.0
RETRY_SECONDS = 1.0
MAY_DECIDE = frozenset({EventKind.RECORDING_STOPPED, EventKind.CALL_ENDED})
"""After these a recording is due whose history was saved before, which is rare: it is looked up for many calls at once,
LATER_SECONDS after. Those whose history is saved now are deleted now."""
LATER_SECONDS = 0.8

Files = Mapping[str, Sequence[RecordingFile]]


@dataclass(frozen=True, slots=True)
class Swept:
    """The names of the recordings that are gone now, and of those that could not be deleted."""

    deleted: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()


class Words(Protocol):
    """What was said or sent, as text: it goes as the recordings do."""

    async def forget(self, before: datetime, calls: Collection[str] | None = None) -> int:
        """Delete what was said before that moment, and of calls whose history is saved; of ``calls``, or all."""
        ...


class Retention:
    """Deletes what is due in ``folder``. One runs where the folder is; two at once do no harm."""

    def __init__(
        self,
        recordings: Recordings,
        words: Sequence[Words],
        events: EventLog,
        bus: Bus,
        folder: Path,
        *,
        clock: Clock,
        max_age: timedelta,
        message_max_age: timedelta | None = None,
    ) -> None:
        """``message_max_age``: so long a message (伝言) waits to be dealt with, where that is longer."""
        self._recordings = recordings
        self._words = words
        self._events = events
        self._bus = bus
        self._folder = folder
        self._clock = clock
        self._max_age = max_age
        self._message_max_age = max(max_age, message_max_age or max_age)
        self._later: set[str] = set()
        self.failing: frozenset[str] = frozenset()

    async def run(self) -> None:
        """Sweep, then follow the log, and sweep each minute; never returns. Failures are logged and tried again."""
        last = (
            await self._last_id()
        )  # before the first sweep, so that what is saved meanwhile is seen by one of the two
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow(last), name="delete recordings of saved histories")
            tasks.create_task(self._delete_later(), name="delete recordings of histories saved before")
            tasks.create_task(self._sweep_on(), name="sweep recordings")

    async def sweep(self) -> Swept:
        """Delete all that is due, known or not, and what has come back. Raises what folder and database raise."""
        files = await listed(self._folder)
        due = [*await self._due(), *await self._returned(files), *await self._strays(files)]
        swept = await self._delete_all(due, files)
        await self._forget()
        self.failing = frozenset(swept.failed)
        return swept

    async def of_calls(self, calls: Collection[str]) -> Swept:
        """Delete what is due of these calls."""
        await self._forget(calls)
        due = await self._due(calls)
        return await self._delete_all(due, await listed(self._folder)) if due else Swept()

    async def _forget(self, calls: Collection[str] | None = None) -> None:
        for words in self._words:
            await words.forget(self._clock() - self._max_age, calls)

    async def _due(self, calls: Collection[str] | None = None) -> Sequence[Recording]:
        now = self._clock()
        return await self._recordings.due(now - self._max_age, calls, messages_before=now - self._message_max_age)

    async def _returned(self, files: Files) -> Sequence[Recording]:
        """Those that were deleted and have files all the same: a power cut, a backup played back."""
        return await self._recordings.deleted(sorted(files))

    async def _strays(self, files: Files) -> Sequence[Recording]:
        """Old files that no row knows; a young one's row may be on its way."""
        oldest = self._clock() - self._max_age
        made = {name: max(file.changed for file in own) for name, own in files.items()}
        old = [name for name in sorted(made) if made[name] < oldest]
        known = await self._recordings.known(old)
        return [Recording(name, "", made[name], stopped=made[name]) for name in old if name not in known]

    async def _delete_all(self, due: Sequence[Recording], files: Files) -> Swept:
        outcome = {one.name: await self._delete(one, files.get(one.name, ())) for one in due}
        return Swept(
            tuple(name for name, gone in outcome.items() if gone),
            tuple(name for name, gone in outcome.items() if not gone),
        )

    async def _delete(self, recording: Recording, files: Sequence[RecordingFile]) -> bool:
        failure = await self._remove(recording, files)
        if failure is None:
            await self._recordings.mark_deleted(recording, self._clock())
            log.info("recording deleted", recording=recording.name, call=recording.call)
            return True
        log.error("recording not deleted", recording=recording.name, call=recording.call, error=failure)
        await self._recordings.mark_failed(recording, failure, self._clock())
        return False

    async def _remove(self, recording: Recording, files: Sequence[RecordingFile]) -> str | None:
        """Why the files are still there; None where they are gone."""
        if Path(recording.name).name != recording.name:
            return "this is not a recording's name, so no file was looked for"
        try:
            await delete(files)
        except OSError as wrong:
            return f"{type(wrong).__name__}: {wrong.strerror}"
        return None

    async def _sweep_on(self) -> None:
        while True:
            try:
                await self.sweep()
            except Exception as wrong:
                log.error("the recordings can't be swept; trying again", folder=str(self._folder), error=told(wrong))
            await asyncio.sleep(SWEEP_SECONDS)

    async def _last_id(self) -> int:
        while True:
            try:
                return await self._events.last_id()
            except Exception as wrong:
                await self._no_news(wrong)

    async def _follow(self, last: int) -> None:
        while True:
            try:
                async with aclosing(news(self._bus, self._events, last)) as happened:
                    async for stored in happened:
                        if stored.event.call and stored.event.kind is EventKind.HISTORY_SAVED:
                            await self.of_calls({stored.event.call})
                        elif stored.event.call and stored.event.kind in MAY_DECIDE:
                            self._later.add(stored.event.call)
                        last = stored.id
            except Exception as wrong:
                await self._no_news(wrong)

    async def _delete_later(self) -> None:
        while True:
            await asyncio.sleep(LATER_SECONDS)
            calls = frozenset(self._later)
            try:
                if calls:
                    await self.of_calls(calls)
                    self._later -= calls
            except Exception as wrong:
                await self._no_news(wrong)

    async def _no_news(self, wrong: Exception) -> None:
        log.error("news of saved histories can't be read; trying again", error=told(wrong))
        await asyncio.sleep(RETRY_SECONDS)
