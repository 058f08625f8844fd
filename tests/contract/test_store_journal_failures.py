"""The journal when its database fails."""

import asyncio
from contextlib import asynccontextmanager
from datetime import datetime

import pytest
from sqlalchemy.exc import OperationalError

from crm.database import Database
from crm.errors import NotStored
from crm.journal import StoreJournal
from crm.store import open_store
from kernel.call import Stage
from kernel.events import EventKind
from tests.support.facts import NOON, arrived, event


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

    async def in_one_step(self, work):
        if self.before:
            self.before -= 1
            self._fail()
        done = await super().in_one_step(work)
        if self.after:
            self.after -= 1
            self._fail()
        return done

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
