"""One holder at a time, on both databases, by clocks of the test's own (hard case 4)."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from sqlalchemy.exc import OperationalError

from crm.database import Database
from crm.errors import Fenced
from crm.holder import Holder
from crm.lease import LOOKS, StoreLease
from tests.support.hand_clock import HandClock

SECONDS = 2.0
BEAT = SECONDS / 4
LOOK = SECONDS / LOOKS


class Elsewhere:
    """Leases of as many machines as are asked for, and the clock that all of them wait on."""

    def __init__(self, url):
        self.database = Database(url)
        self.clock = HandClock()

    def lease(self, machine, database=None):
        holder = replace(Holder.this_process(), host=machine, space=machine)
        clock = self.clock
        return StoreLease(
            database or self.database, "asterisk", SECONDS, holder=holder, monotonic=clock.monotonic, pause=clock.pause
        )


@pytest.fixture
async def elsewhere(url):
    machines = Elsewhere(url)
    yield machines
    await machines.database.close()


@asynccontextmanager
async def running(*coroutines):
    tasks = [asyncio.create_task(coroutine) for coroutine in coroutines]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_second_controller_waits_as_long_as_the_first_one_beats(elsewhere):
    first, second = elsewhere.lease("a"), elsewhere.lease("b")
    await first.take()
    async with running(first.lost(), second.take()) as (lost, taken):
        for _ in range(20):
            await elsewhere.clock.asleep(2)
            await elsewhere.clock.advance(BEAT)
        await elsewhere.clock.asleep(2)
        assert not lost.done()
        assert not taken.done()


async def test_a_silent_holder_is_replaced_after_the_time_of_the_lease_and_told_when_it_comes_back(
    elsewhere,
):
    first, second = elsewhere.lease("a"), elsewhere.lease("b")
    await first.take()
    async with running(second.take()) as (taken,):
        for _ in range(4):
            await elsewhere.clock.asleep(1)
            assert not taken.done()
            await elsewhere.clock.advance(BEAT)
        await taken
    async with running(first.lost()) as (lost,):
        await elsewhere.clock.asleep(1)
        await elsewhere.clock.advance(BEAT)
        await lost


async def test_a_released_lease_is_free_at_the_next_look(elsewhere):
    first, second = elsewhere.lease("a"), elsewhere.lease("b")
    await first.take()
    await second.release()
    async with running(second.take()) as (taken,):
        await elsewhere.clock.asleep(1)
        await first.release()
        await elsewhere.clock.advance(BEAT)
        await taken


async def test_a_dead_holder_of_the_same_machine_is_replaced_at_once(elsewhere):
    dead = elsewhere.lease("a")
    dead.holder = replace(dead.holder, born=dead.holder.born - 1)
    await dead.take()
    await elsewhere.lease("a").take()


async def test_a_live_holder_of_the_same_machine_is_waited_for(elsewhere):
    await elsewhere.lease("a").take()
    async with running(elsewhere.lease("a").take()) as (taken,):
        await elsewhere.clock.asleep(1)
        assert not taken.done()


async def test_of_many_who_start_at_once_exactly_one_takes_it(elsewhere):
    async with running(*(elsewhere.lease(f"m{number}").take() for number in range(8))) as tasks:
        await elsewhere.clock.asleep(7)
        assert sum(task.done() for task in tasks) == 1


class Gone(Database):
    def __init__(self, url):
        super().__init__(url)
        self.gone = False

    @asynccontextmanager
    async def read(self):
        self._answers("SELECT")
        async with super().read() as connection:
            yield connection

    @asynccontextmanager
    async def write(self):
        self._answers("UPDATE")
        async with super().write() as connection:
            yield connection

    def _answers(self, statement):
        if self.gone:
            raise OperationalError(statement, None, ConnectionError("gone"))


async def test_a_holder_whose_database_is_gone_goes_on_and_beats_again_when_it_is_back(elsewhere, url):
    database = Gone(url)
    lease = elsewhere.lease("a", database)
    await lease.take()
    async with running(lease.lost()) as (lost,):
        for gone in (True, True, False):
            await elsewhere.clock.asleep(1)
            database.gone = gone
            await elsewhere.clock.advance(BEAT)
        await elsewhere.clock.asleep(1)
        assert not lost.done()
    await database.close()


async def test_a_time_in_which_the_database_was_gone_is_no_silence_of_the_holder(elsewhere, url):
    database = Gone(url)
    await elsewhere.lease("a").take()
    async with running(elsewhere.lease("b", database).take()) as (taken,):
        for gone in (True,) * 6 + (False,):
            await elsewhere.clock.asleep(1)
            database.gone = gone
            await elsewhere.clock.advance(BEAT)
        for _ in range(4):
            await elsewhere.clock.asleep(1)
            assert not taken.done()
            await elsewhere.clock.advance(BEAT)
        await taken
    await database.close()


async def test_a_waiter_whose_database_is_gone_asks_again(elsewhere, url):
    database = Gone(url)
    database.gone = True
    async with running(elsewhere.lease("a", database).take()) as (taken,):
        await elsewhere.clock.asleep(1)
        database.gone = False
        await elsewhere.clock.advance(BEAT)
        await taken
    await database.close()


async def looking(clock, asked, sleepers):
    """Let all look again and again until ``asked`` is answered."""
    while not asked.done():
        asleep = asyncio.create_task(clock.asleep(sleepers))
        await asyncio.wait({asked, asleep}, return_when=asyncio.FIRST_COMPLETED)
        asleep.cancel()
        await clock.advance(LOOK)


async def test_who_leaves_learns_who_waits_and_the_lease_goes_from_hand_to_hand(elsewhere):
    first, second = elsewhere.lease("a"), elsewhere.lease("b")
    await first.take()
    async with running(second.take()) as (taken,):
        await elsewhere.clock.asleep(1)
        async with running(first.successor(BEAT)) as (asked,):
            await looking(elsewhere.clock, asked, 2)
            assert asked.result() == str(second.holder)
        assert not taken.done()
        await first.give(asked.result())
        await elsewhere.clock.advance(LOOK)
        await taken


async def test_who_leaves_with_nobody_waiting_is_told_so_and_keeps_the_lease(elsewhere):
    first = elsewhere.lease("a")
    await first.take()
    async with running(first.successor(BEAT)) as (asked,):
        await looking(elsewhere.clock, asked, 1)
        assert asked.result() is None
    async with running(first.lost()) as (lost,):
        await elsewhere.clock.asleep(1)
        await elsewhere.clock.advance(BEAT)
        await elsewhere.clock.asleep(1)
        assert not lost.done()


async def test_of_two_who_wait_the_one_who_was_named_goes_on_and_the_other_waits_for_it(elsewhere):
    first, others = elsewhere.lease("a"), [elsewhere.lease("b"), elsewhere.lease("c")]
    await first.take()
    async with running(*(other.take() for other in others)) as tasks:
        await elsewhere.clock.asleep(2)
        async with running(first.successor(BEAT)) as (asked,):
            await looking(elsewhere.clock, asked, 3)
        await first.give(asked.result())
        await elsewhere.clock.advance(LOOK)
        named = [str(other.holder) for other in others].index(asked.result())
        await tasks[named]
        await elsewhere.clock.asleep(1)
        assert not tasks[1 - named].done()


async def test_a_lease_that_was_lost_can_not_be_given(elsewhere):
    first = elsewhere.lease("a")
    await first.take()
    await first.release()
    await elsewhere.lease("b").take()
    with pytest.raises(Fenced):
        await first.give("c")
