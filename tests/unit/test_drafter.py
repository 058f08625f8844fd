"""Talks are drafted one after the other, by one controller; what fails is told, what nobody needs is ended."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from ivr.drafting import drafter
from ivr.drafting.drafter import Drafter
from ivr.drafting.process import NotDrafted, TalkTooLong
from kernel.directory import Entry
from kernel.talk_draft import DraftState, Side, Spoken, TalkDraft
from tests.support.recordings import DRAFT, NAME, NOON, STOPPED, written
from tests.support.store import fresh_store

WORDS = "粗大ごみを出したいのですが"
MADE = TalkDraft((Spoken(Side.CITIZEN, 0.0, 2.0, WORDS),), subject="粗大ごみについて")
ENTRIES = (Entry("d1", "環境事業センター"),)


class Scripted:
    """What the next worker brings: a draft, or a failure; or, without a script, it works until it is cancelled."""

    def __init__(self, *script):
        self.script = list(script)
        self.asked = []
        self.begun = asyncio.Event()
        self.ended = asyncio.Event()

    async def __call__(self, files, entries):
        self.asked.append((tuple(files), tuple(entries)))
        self.begun.set()
        try:
            if not self.script:
                await asyncio.Event().wait()
            match self.script.pop(0):
                case Exception() as wrong:
                    raise wrong
                case draft:
                    return draft
        finally:
            self.ended.set()


@pytest.fixture
async def store(tmp_path):
    async with fresh_store(tmp_path) as store:
        await written(store, STOPPED)
        yield store


def drafts(store, worker, *, leads=True):
    async def entries():
        return ENTRIES

    return Drafter(
        store.talk_drafts,
        Path("recordings"),
        worker,
        entries,
        now=lambda: NOON + timedelta(minutes=5),
        leads=lambda: leads,
    )


async def state(store):
    kept = await store.talk_drafts.of_call("c1")
    return kept and kept.state


async def test_a_talk_is_drafted_from_its_recording_with_the_directory_at_hand(store):
    worker = Scripted(MADE)
    assert await drafts(store, worker).one()
    assert worker.asked == [((Path("recordings") / f"{NAME}.wav",), ENTRIES)]
    assert (await store.talk_drafts.of_call("c1")).draft == MADE
    assert not await drafts(store, worker).one(), "nothing more is due"


async def test_a_talk_in_which_nothing_was_said_is_told_so(store):
    await drafts(store, Scripted(TalkDraft(()))).one()
    assert await state(store) is DraftState.SILENT


async def test_a_talk_that_is_too_long_is_tried_once(store):
    await drafts(store, Scripted(TalkTooLong("too long"))).one()
    assert await state(store) is DraftState.TOO_LONG


async def test_a_worker_that_died_is_followed_by_another(store):
    worker = Scripted(NotDrafted("exit status -9"), MADE)
    assert not await drafts(store, worker).one(), "the next look comes after a pause"
    assert await state(store) is DraftState.WAITING
    await drafts(store, worker).one()
    assert await state(store) is DraftState.READY


async def test_a_talk_that_ends_every_worker_has_failed(store):
    worker = Scripted(NotDrafted("exit status -9"), NotDrafted("exit status -9"))
    for _ in range(3):
        await drafts(store, worker).one()
    assert await state(store) is DraftState.FAILED
    assert worker.script == []


async def test_a_controller_that_dies_leaves_the_draft_to_the_next(store):
    worker = Scripted()
    dying = asyncio.create_task(drafts(store, worker).one())
    await worker.begun.wait()
    dying.cancel()
    await asyncio.wait({dying})
    assert worker.ended.is_set()
    await drafts(store, Scripted(MADE)).one()
    assert await state(store) is DraftState.READY


async def test_a_talk_that_ends_every_controller_has_failed_at_the_third(store):
    for _ in range(2):
        worker = Scripted()
        dying = asyncio.create_task(drafts(store, worker).one())
        await worker.begun.wait()
        dying.cancel()
        await asyncio.wait({dying})
    unused = Scripted(MADE)
    assert await drafts(store, unused).one()
    assert await state(store) is DraftState.FAILED
    assert unused.asked == []


async def test_who_listens_still_is_ended_once_the_history_is_saved(store, monkeypatch):
    monkeypatch.setattr(drafter, "UNWANTED_SECONDS", 0.01)
    worker = Scripted()
    working = asyncio.create_task(drafts(store, worker).one())
    await worker.begun.wait()
    await store.cases.save_history(DRAFT, NOON + timedelta(minutes=5))
    await working
    assert worker.ended.is_set()
    assert (await store.talk_drafts.of_call("c1")).draft is None


async def test_who_does_not_drive_drafts_nothing_and_failures_end_nothing(store, monkeypatch, caplog):
    monkeypatch.setattr(drafter, "LOOK_SECONDS", 0.01)
    standby = asyncio.create_task(drafts(store, Scripted(MADE), leads=False).run())
    worker = Scripted(ValueError(WORDS), MADE)
    driving = asyncio.create_task(drafts(store, worker).run())
    while await state(store) is not DraftState.READY:
        await asyncio.sleep(0.01)
    assert len(worker.asked) == 2
    for task in (standby, driving):
        task.cancel()
    await asyncio.wait({standby, driving})
    assert WORDS not in caplog.text
