"""What is said to a voicebot: kept sealed for a while, in its order, gone with the recordings (Q2, T12)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from crm.retention import Retention
from kernel.bus.memory import MemoryBus
from kernel.call import Call, Stage
from kernel.utterance import Speaker, Utterance
from tests.support.recordings import DRAFT, NOON, written

WORDS = "住民票がほしいのですが"
ASKED = Utterance("c1", NOON, Speaker.VOICEBOT, "ご用件をどうぞ。")
SAID = Utterance("c1", NOON + timedelta(seconds=4), Speaker.CALLER, WORDS)
OTHER = Utterance("c2", NOON + timedelta(seconds=9), Speaker.CALLER, "ごみ")


@pytest.fixture
async def talked(store):
    await written(store, Call("c1", NOON, "0466251111").at_voicebot("main"), SAID, ASKED)
    await written(store, OTHER)


def retention(store, folder, now):
    age = timedelta(hours=24)
    return Retention(
        store.recordings,
        (store.utterances, store.talk_drafts),
        store.events,
        MemoryBus(),
        folder,
        clock=lambda: now,
        max_age=age,
    )


async def test_what_was_said_is_read_in_its_order_and_by_call(store, talked):
    assert await store.utterances.of_call("c1") == [ASKED, SAID]
    assert await store.utterances.of_call("c3") == []
    call = await store.calls.find("c1")
    assert (call.stage, call.voicebot) == (Stage.SPEAK, "main")


async def test_nobody_reads_it_without_the_key(store, talked):
    async with store.database.read() as connection:
        rows = (await connection.execute(text("select text_sealed from utterances"))).scalars().all()
    assert len(rows) == 3
    assert not any(WORDS.encode() in bytes(row) for row in rows)


async def test_it_goes_when_the_history_of_its_call_is_saved(store, talked, tmp_path):
    await store.cases.save_history(DRAFT, NOON + timedelta(minutes=5))
    await retention(store, tmp_path, NOON + timedelta(minutes=5)).of_calls({"c1"})
    assert await store.utterances.of_call("c1") == []
    assert await store.utterances.of_call("c2") == [OTHER]


async def test_it_goes_with_the_age_of_recordings(store, talked, tmp_path):
    await retention(store, tmp_path, NOON + timedelta(hours=24, seconds=5)).sweep()
    assert await store.utterances.of_call("c1") == []
    assert await store.utterances.of_call("c2") == [OTHER], "it is four seconds younger"
