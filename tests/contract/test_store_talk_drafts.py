"""Drafts made of talks: found when due, kept sealed, told without a word, gone with recording or history (Q2, T12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from crm.retention import Retention
from crm.sealing import SealBroken
from crm.store import open_store
from kernel.bus.memory import MemoryBus
from kernel.events import EventKind
from kernel.recording import MESSAGE, Recording, recording_name
from kernel.talk_draft import MOST_TRIES, DraftState, Mark, MarkKind, Side, Spoken, TalkDraft
from tests.support.recordings import DRAFT, NOON, STOPPED, TALK, written

WORDS = "山田と申します"
MADE = TalkDraft(
    (Spoken(Side.CITIZEN, 1.0, 2.5, WORDS, (Mark(MarkKind.NAME, 0, 2, "山田"),)),),
    subject="粗大ごみについて",
    section="環境事業センター",
    department="kankyo-jigyo",
    confidence=0.9,
)
LATER = NOON + timedelta(minutes=9)
AGAIN = Recording(recording_name("c1", 2), "c1", NOON + timedelta(minutes=4), stopped=NOON + timedelta(minutes=6))
OTHER = Recording(recording_name("c2", 1), "c2", NOON, stopped=NOON + timedelta(minutes=5))
MESSAGE_LEFT = Recording(recording_name("c3", MESSAGE), "c3", NOON, stopped=NOON + timedelta(minutes=1))


async def calls(store):
    return [one.call for one in await store.talk_drafts.due()]


async def begun(store, now=LATER):
    (due,) = await store.talk_drafts.due()
    return await store.talk_drafts.begin(due, now)


def retention(store, folder, now):
    words = store.utterances, store.talk_drafts
    age = timedelta(hours=24)
    return Retention(store.recordings, words, store.events, MemoryBus(), folder, clock=lambda: now, max_age=age)


async def test_a_talk_is_due_once_it_is_over_the_newest_first_and_no_message_is(store):
    await written(store, TALK, OTHER, MESSAGE_LEFT)
    assert await calls(store) == ["c2"]
    await written(store, STOPPED)
    assert await calls(store) == ["c2", "c1"]


async def test_what_is_written_up_or_deleted_is_not_due(store):
    await written(store, STOPPED, OTHER)
    await store.cases.save_history(DRAFT, NOON)
    await store.recordings.mark_deleted(OTHER, LATER)
    assert await calls(store) == []


async def test_a_draft_that_was_begun_waits_and_is_due_still_as_after_a_crash(store):
    await written(store, STOPPED)
    first = await begun(store)
    assert (first.state, first.tries) == (DraftState.WAITING, 1)
    assert await store.talk_drafts.heads(["c1", "c2"]) == {"c1": first}
    assert (await begun(store)).tries == 2


async def test_what_was_tried_too_often_has_failed_and_is_told_so(store):
    await written(store, STOPPED)
    for _ in range(MOST_TRIES):
        await begun(store)
    assert (await begun(store)).state is DraftState.FAILED
    assert await calls(store) == []
    assert (await store.talk_drafts.of_call("c1")).state is DraftState.FAILED


async def test_a_draft_is_read_as_it_was_made_and_is_due_no_more(store):
    await written(store, STOPPED)
    assert await store.talk_drafts.finish(await begun(store), DraftState.READY, MADE, LATER)
    kept = await store.talk_drafts.of_call("c1")
    assert (kept.state, kept.draft) == (DraftState.READY, MADE)
    assert await store.talk_drafts.heads(["c1"]) == {"c1": replace(kept, draft=None)}, "no words on the way to a list"
    assert await calls(store) == []
    assert await store.talk_drafts.of_call("c2") is None


async def test_a_second_talk_of_the_call_makes_a_new_draft_of_both_with_all_its_tries(store):
    await written(store, STOPPED)
    await begun(store)
    await store.talk_drafts.finish(await begun(store), DraftState.READY, MADE, LATER)
    await written(store, AGAIN)
    (due,) = await store.talk_drafts.due()
    assert due.recordings == (STOPPED, AGAIN)
    anew = await store.talk_drafts.begin(due, LATER)
    assert (anew.tries, anew.until) == (1, AGAIN.stopped)
    assert (await store.talk_drafts.of_call("c1")).draft is None


async def test_what_an_earlier_try_brings_late_is_not_kept(store):
    await written(store, STOPPED)
    first = await begun(store)
    second = await begun(store)
    assert not await store.talk_drafts.finish(first, DraftState.FAILED, None, LATER)
    assert await store.talk_drafts.finish(second, DraftState.READY, MADE, LATER)


async def test_a_draft_that_comes_after_the_history_is_not_kept(store):
    await written(store, STOPPED)
    first = await begun(store)
    assert await store.talk_drafts.is_wanted(first)
    await store.cases.save_history(DRAFT, LATER)
    assert not await store.talk_drafts.is_wanted(first)
    assert not await store.talk_drafts.finish(first, DraftState.READY, MADE, LATER)
    assert (await store.talk_drafts.of_call("c1")).draft is None


async def test_nobody_reads_it_without_the_key_and_no_event_has_a_word_of_it(store):
    await written(store, STOPPED)
    await store.talk_drafts.finish(await begun(store), DraftState.READY, MADE, LATER)
    async with store.database.read() as connection:
        (row,) = (await connection.execute(text("select * from talk_drafts"))).mappings()
    assert not any(WORDS.encode() in bytes(str(cell), "utf-8") for cell in row.values())
    assert WORDS.encode() not in bytes(row["content_sealed"])
    told = [one.event for one in await store.events.since(0) if one.event.kind is EventKind.TALK_DRAFTED]
    assert [dict(one.data) for one in told] == [{"state": "waiting"}, {"state": "ready"}]


async def test_it_is_sealed_anew_with_the_next_key_and_read_as_before(url, store, keyring):
    await written(store, STOPPED)
    await store.talk_drafts.finish(await begun(store), DraftState.READY, MADE, LATER)
    async with open_store(url, keyring.extended().with_newest_current()) as renewed:
        assert (await renewed.rotate())["talk_drafts"] == 1
        assert (await renewed.talk_drafts.of_call("c1")).draft == MADE
        assert (await renewed.rotate())["talk_drafts"] == 0


async def test_what_was_moved_to_another_call_does_not_open(store):
    await written(store, STOPPED, OTHER)
    for due in await store.talk_drafts.due():
        await store.talk_drafts.finish(await store.talk_drafts.begin(due, LATER), DraftState.READY, MADE, LATER)
    async with store.database.write() as connection:
        sealed = "(select content_sealed from talk_drafts where id = 'c1')"
        await connection.execute(text(f"update talk_drafts set content_sealed = {sealed} where id = 'c2'"))
    with pytest.raises(SealBroken, match=r"talk_drafts.content of row c2"):
        await store.talk_drafts.of_call("c2")


@pytest.fixture
async def drafted(store):
    await written(store, STOPPED, OTHER)
    for due in await store.talk_drafts.due():
        await store.talk_drafts.finish(await store.talk_drafts.begin(due, LATER), DraftState.READY, MADE, LATER)


async def test_it_goes_when_the_history_of_its_call_is_saved(store, drafted, tmp_path):
    await store.cases.save_history(DRAFT, LATER)
    await retention(store, tmp_path, LATER).of_calls({"c1"})
    assert await store.talk_drafts.of_call("c1") is None
    assert (await store.talk_drafts.of_call("c2")).draft == MADE


async def test_it_goes_with_the_age_of_recordings_written_up_or_not(store, drafted, tmp_path):
    young = replace(AGAIN, name=recording_name("c4", 1), call="c4")
    await written(store, young)
    (due,) = await store.talk_drafts.due()
    await store.talk_drafts.finish(await store.talk_drafts.begin(due, LATER), DraftState.READY, MADE, LATER)
    await retention(store, tmp_path, NOON + timedelta(hours=24, seconds=1)).sweep()
    assert list(await store.talk_drafts.heads(["c1", "c2", "c4"])) == ["c4"]
