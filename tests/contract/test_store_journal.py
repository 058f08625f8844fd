"""The journal on both databases: order, groups, what fails, and what a late write may not do."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from crm.database import Database
from crm.errors import NotStored
from crm.journal import StoreJournal
from crm.store import open_store
from kernel.call import Call, Offer, Outcome, Stage
from kernel.centre import JAPAN
from kernel.events import Event, EventKind
from kernel.operator import OperatorState, OperatorStatus
from kernel.phone_number import PhoneNumber
from kernel.recording import Recording

NOON = datetime(2026, 11, 24, 3, 0, 0, 123456, tzinfo=UTC)
CALLER = PhoneNumber("09012345678")


def arrived(id="centre-1.1", at=NOON, **more):
    return Call(id, at, "0466251111", caller=CALLER, **more)


def event(kind=EventKind.CALL_ARRIVED, call="centre-1.1", **more):
    return Event(kind, NOON, call=call, **more)


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
    assert await store.calls.find("centre-1.1") is None
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


class Failing(Database):
    """A database that fails before, or in the answer to, a commit as often as it is told."""

    def __init__(self, url):
        super().__init__(url)
        self.before = self.after = 0
        self.failed = asyncio.Event()

    @asynccontextmanager
    async def in_turn(self):
        if self.before:
            self.before -= 1
            self._fail()
        async with super().in_turn() as connection:
            yield connection
        if self.after:
            self.after -= 1
            self._fail()

    def _fail(self):
        self.failed.set()
        raise OperationalError("COMMIT", None, ConnectionError("gone\nDETAIL: 09012345678"))


@pytest.fixture
async def failing(url, store):
    database = Failing(url)
    store.commits._database = database
    yield database
    await database.close()


async def test_a_database_that_fails_delays_the_writes_and_keeps_their_order(store, failing, bus):
    failing.before = 3
    store.journal.write(arrived(), event())
    await failing.failed.wait()
    assert not store.journal.healthy
    assert store.journal.failure == "ConnectionError: gone"
    store.journal.write(arrived().waits_in("enquiries", NOON), event(EventKind.CALL_QUEUED))
    await store.journal.flushed()
    assert store.journal.healthy
    assert [one.event.kind for one in await bus.hears(2)] == [EventKind.CALL_ARRIVED, EventKind.CALL_QUEUED]
    assert (await store.calls.find("centre-1.1")).stage is Stage.WAIT


async def test_a_commit_whose_answer_was_lost_is_not_stored_twice(store, failing, bus):
    failing.after = 1
    store.journal.write(arrived(), event())
    await store.journal.flushed()
    assert [one.id for one in await store.events.since(0)] == [1]
    assert len(await bus.hears(1)) == 1


async def test_a_write_that_no_database_takes_is_set_aside_alone(store):
    naive = datetime(2026, 11, 24)  # noqa: DTZ001
    for number in range(7):
        store.journal.write(arrived(f"c{number}", at=naive if number == 4 else NOON), event(call=f"c{number}"))
    await store.journal.flushed()
    assert store.journal.refused == 1
    assert store.journal.backlog == 0
    assert [one.event.call for one in await store.events.since(0)] == ["c0", "c1", "c2", "c3", "c5", "c6"]


async def test_a_text_with_a_nul_does_not_hold_up_the_calls_of_others(store):
    store.journal.write(arrived("c1", queue="a\0b"))
    store.journal.write(arrived("c2"))
    await store.journal.flushed()
    assert await store.calls.find("c2") == arrived("c2")


async def test_leaving_the_store_commits_the_backlog_first(url, keyring):
    async with open_store(url, keyring) as store:
        store.journal.write(arrived())
    with pytest.raises(NotStored):
        store.journal.write(arrived())
    async with open_store(url, keyring) as store:
        assert await store.calls.unfinished() == [arrived()]


async def test_a_journal_that_must_stop_while_the_database_fails_says_how_much_is_lost(store, failing):
    failing.before = 1_000_000
    journal = StoreJournal(store.commits, store.announcer)
    journal.write(arrived())
    journal.write(event())
    await failing.failed.wait()
    with pytest.raises(NotStored, match="2 writes are lost"):
        await journal.close(patience_seconds=0)


async def test_what_is_no_fact_is_refused_at_the_place_where_it_is_written(store):
    with pytest.raises(TypeError, match="does not store a str"):
        store.journal.write("hello")
    assert store.journal.backlog == 0


async def test_a_server_that_ends_all_connections_loses_no_write(postgres, migrated, keyring):
    name = postgres.create(migrated)
    async with open_store(postgres.url(name), keyring) as store:
        for number in range(30):
            store.journal.write(arrived(f"c{number}"), event(call=f"c{number}"))
            if number % 10 == 5:
                await asyncio.to_thread(postgres.cut, name)
        await store.journal.flushed()
        stored = [one.event.call for one in await store.events.since(0)]
    assert stored == [f"c{number}" for number in range(30)]
    postgres.drop(name)
