"""What the distribution remembers of a day, across lost connections, restarts and takeovers; in virtual time."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from dialplan.acd.retold import Retold
from dialplan.acd.tally import Tally, day_of
from dialplan.acd.worked import Worked
from dialplan.inheritance import Heir, Stores
from kernel.call import Stage
from kernel.commands import CommandKind
from kernel.events import Event, EventKind
from kernel.operator import OperatorState, OperatorStatus
from tests.support.house import House, house
from tests.unit.test_routing_of_calls import with_queue

pytestmark = pytest.mark.looptime

OPERATORS = {"sato": "7001", "suzuki": "7002"}
MIDNIGHT = datetime(2026, 11, 24, 15, tzinfo=UTC)
S = OperatorState


def known(home: House) -> dict[str, tuple[object, ...]]:
    worked = home.retold.worked
    return {one: (worked.tally(one), worked.idle_since(one)) for one in OPERATORS}


async def served(home: House, id: str, talk_seconds: float = 5) -> str:
    """A call that is answered and over; by whom."""
    home.exchange.call(id, keys="1")
    call = await home.at(id, Stage.TALK)
    await asyncio.sleep(talk_seconds)
    home.exchange.hang_up(id)
    await home.at(id, Stage.ENDED)
    assert call.operator is not None
    return call.operator


async def gives_up(home: House, id: str) -> None:
    home.exchange.call(id, keys="1")
    await home.at(id, Stage.WAIT)
    await asyncio.sleep(20)
    home.exchange.hang_up(id)
    await home.at(id, Stage.ENDED)


async def opened(home: House, **queue: object) -> None:
    home.store.centre = with_queue(home, wrap_up_seconds=1, **queue)
    for extension in OPERATORS.values():
        home.phone(extension, answers_after=1)
    await home.controller()


async def sits_down(home: House, operator: str) -> None:
    await home.click(CommandKind.LOG_IN, operator)
    await home.until(lambda: operator in home.store.by_operator, f"{operator} is there")
    await home.click(CommandKind.READY, operator)
    await home.until(lambda: home.operator(operator) is not S.PAUSED, f"{operator} takes calls")


async def restart(home: House) -> None:
    await home.kill()
    await asyncio.sleep(3)
    await home.controller()


async def reconnect(home: House) -> None:
    await home.pull_the_cable()
    await home.reconnect()


AGAIN = pytest.mark.parametrize("again", [restart, reconnect])


@AGAIN
async def test_who_has_answered_fewest_calls_is_still_rung_first(again):
    async with house() as home:
        await opened(home, strategy="fewest_calls")
        await sits_down(home, "sato")
        for number in range(2):
            assert await served(home, f"c-{number}") == "sato"
        await sits_down(home, "suzuki")
        assert await served(home, "c-2") == "suzuki", "none so far"
        before = known(home)
        await again(home)
        assert known(home) == before
        assert await served(home, "c-3") == "suzuki", "one call against two, though sato is idle for longer"


@AGAIN
async def test_who_is_least_occupied_is_still_rung_first(again):
    async with house() as home:
        await opened(home, strategy="least_occupied")
        await sits_down(home, "sato")
        await asyncio.sleep(60)
        await served(home, "c-1", talk_seconds=300)
        await sits_down(home, "suzuki")
        await asyncio.sleep(60)
        assert await served(home, "c-2") == "suzuki"
        before = known(home)
        await again(home)
        assert known(home) == before
        assert await served(home, "c-3") == "suzuki"


@AGAIN
async def test_who_rang_for_a_caller_who_hung_up_is_still_idle_for_as_long(again):
    async with house() as home:
        await opened(home)
        await sits_down(home, "sato")
        since = home.retold.worked.idle_since("sato")
        home.phone("7001", answers_after=30)
        home.exchange.call("c-1", keys="1")
        await home.until(lambda: home.operator("sato") is S.RINGING, "sato is rung")
        await sits_down(home, "suzuki")
        home.exchange.hang_up("c-1")
        await home.until(lambda: home.operator("sato") is S.READY, "sato rings no more")
        home.phone("7001", answers_after=1)
        await again(home)
        assert home.retold.worked.idle_since("sato") == since
        assert await served(home, "c-2") == "sato"


async def test_a_phone_that_rings_across_the_takeover_takes_no_idle_time_away():
    async with house() as home:
        await opened(home)
        await sits_down(home, "sato")
        since = home.retold.worked.idle_since("sato")
        home.phone("7001", answers_after=30)
        home.exchange.call("c-1", keys="1")
        await home.until(lambda: home.operator("sato") is S.RINGING, "sato is rung")
        await restart(home)
        home.exchange.hang_up("c-1")
        await home.until(lambda: home.operator("sato") is S.READY, "sato rings no more")
        assert home.retold.worked.idle_since("sato") == since


@AGAIN
async def test_the_expected_wait_is_told_as_before(again):
    async with house() as home:
        await opened(home)
        for number in range(10):
            home.exchange.call(f"c-{number}", keys="1")
            await home.at(f"c-{number}", Stage.WAIT)
        await gives_up(home, "gone-1")
        home.exchange.call("leaves", keys="1")
        await home.at("leaves", Stage.WAIT)
        home.exchange.press("leaves", "9")
        await sits_down(home, "sato")
        for number in range(10):
            await home.at(f"c-{number}", Stage.TALK)
            await asyncio.sleep(20 + number)
            home.exchange.hang_up(f"c-{number}")
        await gives_up(home, "gone-2")
        now = home.now()
        before = home.retold.pace.expected("enquiries", 3, 1, now)
        assert before is not None
        await again(home)
        after = home.retold.pace.expected("enquiries", 3, 1, now)
        assert after is not None
        for one, other in ((after.mean, before.mean), (after.sure, before.sure)):
            assert one / other == pytest.approx(1, rel=1e-3)


async def test_a_standby_that_reads_ahead_knows_the_same_as_one_that_reads_all_at_once():
    async with house() as home:
        stores = Stores(*[home.store] * 6)
        ahead = Heir(stores, home.now)
        reading = asyncio.create_task(ahead.keep_up())
        await opened(home)
        await sits_down(home, "sato")
        for number in range(12):
            await served(home, f"c-{number}")
        await home.kill()
        reading.cancel()
        left, anew = await ahead.inherit(), await Heir(stores, home.now).inherit()
        assert left.retold.worked.tally("sato") == anew.retold.worked.tally("sato") == Tally(12, *_times(left.retold))
        assert left.retold.worked.idle_since("sato") == anew.retold.worked.idle_since("sato")
        assert dict(left.talks) == dict(anew.talks)
        assert (list(left.clicks), left.last_event) == (list(anew.clicks), anew.last_event)
        assert len(left.clicks) == 2


def _times(retold: Retold) -> tuple[timedelta, timedelta]:
    tally = retold.worked.tally("sato")
    assert tally.busy >= timedelta(seconds=12 * 6)
    return tally.busy, tally.idle


async def test_a_store_that_fails_delays_the_reading_ahead_and_what_is_missing_is_read_in_the_end():
    async with house() as home:
        heir = Heir(Stores(*[home.store] * 6), home.now)
        await opened(home)
        reading = asyncio.create_task(heir.keep_up())
        await asyncio.sleep(1)
        home.store.unreadable = True
        await sits_down(home, "sato")
        await asyncio.sleep(20)
        reading.cancel()
        home.store.unreadable = False
        left = await heir.inherit()
        assert left.last_event == len(home.store.stored)
        assert left.retold.worked.idle_since("sato") == home.store.by_operator["sato"].since


def changed(state: OperatorState, minutes: float, call: str | None = None) -> Event:
    at = MIDNIGHT + timedelta(minutes=minutes)
    return Event(EventKind.OPERATOR_CHANGED, at, call, "sato", data={"state": state.value})


def test_what_was_done_is_counted_anew_from_midnight_in_japan():
    retold = Retold()
    history = [(S.READY, -60), (S.TALKING, -30), (S.WRAP_UP, 10), (S.READY, 12), (S.TALKING, 20)]
    for state, minutes in history:
        retold.note(changed(state, minutes, "c-1" if state in (S.TALKING, S.WRAP_UP) else None))
    assert retold.worked.tally("sato") == Tally(1, timedelta(minutes=12), timedelta(minutes=8))
    assert day_of(MIDNIGHT) == MIDNIGHT
    assert day_of(MIDNIGHT - timedelta(microseconds=1)) == MIDNIGHT - timedelta(days=1)


def test_a_wish_for_later_is_no_new_state_and_is_counted_once():
    worked = Worked()
    talking = OperatorStatus("sato", S.TALKING, MIDNIGHT, call="c-1")
    worked.note(OperatorStatus("sato", S.READY, MIDNIGHT))
    worked.note(talking)
    worked.note(OperatorStatus("sato", S.TALKING, MIDNIGHT + timedelta(minutes=5), call="c-1", then=S.PAUSED))
    worked.note(talking)
    worked.note(OperatorStatus("sato", S.READY, MIDNIGHT + timedelta(minutes=9)))
    assert worked.tally("sato") == Tally(1, timedelta(minutes=9), timedelta())
