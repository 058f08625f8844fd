"""A recording, its row and its history, for tests of the retention."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from kernel.case import Citizen, HistoryDraft
from kernel.recording import Recording, recording_name

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
OLD = NOON - timedelta(hours=25)
NAME = recording_name("c1", 1)
TALK = Recording(NAME, "c1", NOON)
STOPPED = replace(TALK, stopped=NOON + timedelta(minutes=3))
DRAFT = HistoryDraft("c1", "sato", Citizen(), "ごみ", "案内した", "answered", close_case=True)


def record(folder, name=NAME, at=NOON, ending=".wav"):
    file = folder / f"{name}{ending}"
    file.write_bytes(b"RIFF")
    os.utime(file, (at.timestamp(), at.timestamp()))
    return file


async def kinds(store):
    return [one.event.kind for one in await store.events.since(0)]


async def written(store, *things):
    store.journal.write(*things)
    await store.journal.flushed()


async def saved(store):
    await written(store, STOPPED)
    await store.cases.save_history(DRAFT, NOON)
