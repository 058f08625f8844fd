"""Messages that callers left (伝言): listed until written up, kept until then, gone after (T12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from crm.retention import Retention
from kernel.bus.memory import MemoryBus
from kernel.call import Call, Outcome, Stage
from kernel.events import Event, EventKind
from kernel.phone_number import PhoneNumber
from kernel.recording import Recording, recording_name
from tests.support.recordings import DRAFT, NOON, record, written

NAME = recording_name("c1", 0)
LEFT = NOON + timedelta(seconds=40)
NUMBER = PhoneNumber("0466998877")
WAITED = Call("c1", NOON, "0466251111", NUMBER, queue="enquiries")
CALL = replace(WAITED, stage=Stage.ENDED, ended=LEFT, outcome=Outcome.LEFT_MESSAGE)


@pytest.fixture
async def left(store):
    spoken = Recording(NAME, "c1", NOON + timedelta(seconds=10), stopped=LEFT)
    told = Event(EventKind.MESSAGE_LEFT, LEFT, "c1", queue="enquiries", data={"recording": NAME})
    await written(store, CALL, spoken, told)


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "recordings"
    made.mkdir(mode=0o700)
    return made


def retention(store, folder, now):
    ages = {"max_age": timedelta(hours=24), "message_max_age": timedelta(days=14)}
    return Retention(
        store.recordings,
        (store.utterances, store.talk_drafts),
        store.events,
        MemoryBus(),
        folder,
        clock=lambda: now,
        **ages,
    )


async def test_a_message_is_listed_with_its_length_until_its_history_is_written(store, left):
    (found,) = await store.messages.open()
    assert (found.call.id, found.call.number, found.recording) == ("c1", NUMBER, NAME)
    assert found.lasts == timedelta(seconds=30)
    await store.cases.save_history(DRAFT, LEFT + timedelta(hours=1))
    assert await store.messages.open() == []
    assert await store.messages.find("c1") == found
    assert await store.messages.find("c2") is None


async def test_a_message_outlives_a_weekend_and_goes_with_its_history(store, left, folder):
    file = record(folder, NAME)
    monday = NOON + timedelta(days=3)
    assert (await retention(store, folder, monday).sweep()).deleted == ()
    assert file.exists()
    await store.cases.save_history(DRAFT, monday)
    assert (await retention(store, folder, monday).sweep()).deleted == (NAME,)
    assert not file.exists()
    found = await store.messages.find("c1")
    assert found is not None
    assert found.recording is None, "the row says that it is gone"


async def test_a_message_that_nobody_deals_with_is_not_kept_for_ever(store, left, folder):
    file = record(folder, NAME)
    later = NOON + timedelta(days=14, minutes=1)
    assert (await retention(store, folder, later).sweep()).deleted == (NAME,)
    assert not file.exists()
    assert len(await store.messages.open()) == 1, "the caller is not forgotten with it"


async def test_a_history_of_the_talk_before_says_nothing_of_the_message(store, left, folder):
    file = record(folder, NAME)
    await store.cases.save_history(DRAFT, NOON + timedelta(seconds=5))
    assert [one.call.id for one in await store.messages.open()] == ["c1"]
    assert (await retention(store, folder, LEFT).of_calls({"c1"})).deleted == ()
    assert file.exists()


async def test_who_hears_a_message_is_in_the_log(store, left):
    (found,) = await store.messages.open()
    await store.messages.heard(found, "sato", LEFT)
    heard = [one.event for one in await store.events.of_call("c1") if one.event.kind is EventKind.MESSAGE_HEARD]
    assert [(event.operator, event.queue, event.data) for event in heard] == [("sato", "enquiries", {"by": "sato"})]


async def test_a_recorded_talk_without_a_message_is_none(store):
    await written(store, replace(CALL, outcome=Outcome.ANSWERED), Recording(NAME, "c1", NOON, stopped=LEFT))
    assert await store.messages.open() == []
