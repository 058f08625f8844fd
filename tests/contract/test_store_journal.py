"""The journal on both databases: order, groups, what fails, and what a late write may not do."""

import asyncio
from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from crm.store import open_store
from kernel.call import Call, Offer, Outcome, Stage
from kernel.centre import JAPAN
from kernel.events import EventKind
from kernel.operator import OperatorState, OperatorStatus
from kernel.recording import Recording
from tests.support.facts import NOON, arrived, event


async def test_every_field_of_a_call_comes_back_as_it_was_written(store):
    offer = Offer("sato", "centre-1.1-sato-1", NOON + timedelta(seconds=7))
    call = arrived().at_menu("main").pressed("9").pressed("1").waits_in("enquiries", NOON + timedelta(seconds=3))
    full = replace(
        call,
        offer=offer,
        offers=2,
        operator="suzuki",
        operator_leg="centre-1.1-suzuki",
        answered=NOON,
        extension="2345",
        talk_ended=NOON,
        wrap_up_until=NOON,
        ended=NOON,
        outcome=Outcome.HANDED_OVER,
        language="en",
    )
    store.journal.write(full)
    store.journal.write(Call("centre-1.2", NOON, "0466251111"))
    await store.journal.flushed()
    assert await store.calls.find("centre-1.1") == full
    assert (await store.calls.find("centre-1.2")).caller is None
    assert await store.calls.find("centre-1.3") is None


async def test_a_time_from_another_zone_comes_back_as_the_same_moment_in_utc(store):
    store.journal.write(arrived(at=NOON.astimezone(JAPAN)))
    await store.journal.flushed()
    call = await store.calls.find("centre-1.1")
    assert call.arrived == NOON
    assert call.arrived.tzinfo is UTC


async def test_a_call_that_has_ended_is_not_opened_again_by_a_late_write(store):
    store.journal.write(arrived().is_closed(NOON))
    await store.journal.flushed()
    store.journal.write(arrived().waits_in("enquiries", NOON))
    await store.journal.flushed()
    assert (await store.calls.find("centre-1.1")).stage is Stage.ENDED
    assert await store.calls.unfinished() == []


async def test_a_late_write_in_the_same_group_does_not_open_an_ended_call_either(store):
    store.journal.write(arrived().is_closed(NOON))
    store.journal.write(arrived())
    await store.journal.flushed()
    assert (await store.calls.find("centre-1.1")).stage is Stage.ENDED


async def test_a_thousand_writes_need_few_transactions_and_lose_nothing(store, bus):
    for number in range(1000):
        store.journal.write(arrived(f"c{number}"), event(call=f"c{number}"))
    assert store.journal.backlog == 1000
    await store.journal.flushed()
    assert store.journal.backlog == 0
    assert store.commits.transactions <= 3
    assert [one.event.call for one in await store.events.since(0)] == [f"c{number}" for number in range(1000)]
    assert [one.id for one in await bus.hears(1000)] == list(range(1, 1001))


async def test_flushed_waits_for_what_was_written_before_and_for_nothing_else(store):
    await store.journal.flushed()
    store.journal.write(arrived())
    assert store.journal.backlog == 1, "to write is not to wait"
    await asyncio.gather(store.journal.flushed(), store.journal.flushed())
    assert await store.calls.find("centre-1.1") == arrived()


async def test_an_event_is_published_only_after_its_call_can_be_read(store, bus):
    seen = []
    tell = bus.publish_event

    async def read_first(stored):
        seen.append(await store.calls.find(stored.event.call))
        await tell(stored)

    bus.publish_event = read_first
    store.journal.write(arrived(), event())
    await bus.hears(1)
    assert seen == [arrived()]


async def test_a_bus_that_is_out_of_order_hears_the_news_later_in_their_order(store, bus):
    await bus.fails(True)
    store.journal.write(event())
    store.journal.write(event(EventKind.CALL_ENDED, data={"seconds": 1.5, "again": False, "why": None}))
    await store.journal.flushed()
    await bus.has_failed()
    await bus.fails(False)
    assert [one.event.kind for one in await bus.hears(2)] == [EventKind.CALL_ARRIVED, EventKind.CALL_ENDED]
    assert await store.events.since(0) == bus.told
    assert await store.events.last_id() == 2
    assert await store.events.of_call("nobody's") == []


async def test_an_operators_status_is_the_last_one_written(store):
    paused = OperatorStatus("sato", OperatorState.PAUSED, NOON, reason="昼休み")
    store.journal.write(
        OperatorStatus("sato", OperatorState.READY, NOON), OperatorStatus("abe", OperatorState.READY, NOON)
    )
    await store.journal.flushed()
    store.journal.write(paused)
    await store.journal.flushed()
    assert [status.operator for status in await store.operators.statuses()] == ["abe", "sato"]
    assert await store.operators.find("sato") == paused
    assert await store.operators.find("nobody") is None


async def test_a_recordings_stop_is_added_and_its_deletion_is_not_taken_back(store):
    started = Recording("ab" * 16, "centre-1.1", NOON)
    store.journal.write(started)
    await store.journal.flushed()
    await store.recordings.mark_deleted(started, NOON + timedelta(minutes=5))
    store.journal.write(replace(started, stopped=NOON + timedelta(minutes=3)))
    await store.journal.flushed()
    (kept,) = await store.recordings.of_call("centre-1.1")
    assert kept == replace(started, stopped=NOON + timedelta(minutes=3), deleted=NOON + timedelta(minutes=5))


@pytest.mark.parametrize("statement", ["UPDATE events SET kind = 'x'", "DELETE FROM events"])
async def test_the_log_can_only_be_added_to(store, statement):
    store.journal.write(event())
    await store.journal.flushed()
    with pytest.raises(DBAPIError, match="only added to"):
        async with store.database.write() as connection:
            await connection.execute(text(statement))
    assert len(await store.events.since(0)) == 1


async def test_two_processes_that_write_at_once_never_commit_a_lower_id_after_a_higher_one(url, keyring, bus):
    async with open_store(url, keyring, bus) as one, open_store(url, keyring) as other:
        seen: list[int] = []

        async def watch():
            while len(seen) < 200:
                seen.extend(stored.id for stored in await one.events.since(seen[-1] if seen else 0))

        watching = asyncio.create_task(watch())
        for _ in range(20):
            for store in (one, other):
                for _ in range(5):
                    store.journal.write(event())
            await asyncio.gather(one.journal.flushed(), other.journal.flushed())
        await asyncio.wait_for(watching, 60)
    assert seen == list(range(1, 201))
