"""What real stages write, counted: each call once, whatever happened to it. In virtual time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agent_console.japan_day import day_of, midnight
from agent_console.live.day import Day
from crm.figures.count import Logged, count
from kernel.call import Outcome, Stage
from kernel.commands import CommandKind
from kernel.figures import Figures, OperatorFigures, QueueFigures, rules_of
from kernel.operator import OperatorState
from tests.support.house import House, house

pytestmark = pytest.mark.looptime


def today(home: House) -> Figures:
    since = midnight(day_of(home.now()))
    ended = {call.id: call.ended for call in home.store.calls.values() if call.ended}
    events = [stored.event for stored in home.store.stored]
    logged = Logged(since, since + timedelta(days=1), events=events, ended=ended)
    return count(logged, rules_of(home.store.centre), home.now())


def total(home: House) -> QueueFigures:
    return sum(today(home).queues.values(), QueueFigures())


async def test_a_call_that_comes_back_from_a_failed_hand_over_is_offered_and_answered_once():
    async with house() as home:
        home.ready("sato", "suzuki")
        home.phone("7001", answers_after=4)
        home.phone("7002", answers_after=2)
        home.phone("2301@city-pbx", refuses="busy")
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.TALK)
        home.exchange.register("7001", here=False)
        await home.click(CommandKind.HAND_OVER, "sato", "c-1", extension="2301")
        await home.until(lambda: home.operator("suzuki") is OperatorState.TALKING, "the second operator")
        home.exchange.hang_up("c-1")
        await home.until(lambda: home.operator("suzuki") is OperatorState.WRAP_UP, "wrap-up")
        found = total(home)
        assert (found.offered, found.answered, found.abandoned, found.returned, found.transfers) == (1, 1, 0, 1, 0)
        assert (found.within, found.longest_wait) == (1, found.answered_wait)
        assert found.answered_wait < timedelta(seconds=10)
        by_operator = {operator: one.answered for (_, operator), one in today(home).operators.items()}
        assert by_operator["suzuki"] == by_operator["sato"] == 1


async def test_a_call_that_another_controller_adopts_is_counted_once_and_its_hang_up_at_its_time():
    async with house() as home:
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.WAIT)
        await home.kill()
        await home.controller()
        await home.kill()
        home.exchange.hang_up("c-1")
        hung_up = home.now()
        home.start += timedelta(minutes=5)
        await home.controller()
        await home.at("c-1", Stage.ENDED)
        found = total(home)
        assert (found.offered, found.abandoned, found.answered, found.left) == (1, 1, 0, 0)
        assert found.longest_wait == hung_up - home.store.calls["c-1"].waiting_since
        assert sum(today(home).operators.values(), OperatorFigures()).answered == 0


async def test_a_caller_who_comes_back_and_gives_up_was_answered_and_lost_and_not_abandoned():
    """The call's outcome, its events, the figures and the wallboard say the same."""
    async with house() as home:
        home.ready("sato")
        home.phone("7001", answers_after=2)
        home.phone("2301@city-pbx", refuses="busy")
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.TALK)
        await home.click(CommandKind.HAND_OVER, "sato", "c-1", extension="2301")
        await home.at("c-1", Stage.WAIT)
        home.exchange.hang_up("c-1")
        over = await home.at("c-1", Stage.ENDED)
        assert over.outcome is Outcome.ANSWERED
        kinds = home.store.kinds("c-1")
        assert (kinds.count("call_lost"), kinds.count("call_abandoned")) == (1, 0)
        found = total(home)
        assert (found.offered, found.answered, found.abandoned, found.returned, found.lost) == (1, 1, 0, 1, 1)
        day = Day()
        for stored in home.store.stored:
            day.apply(stored)
        shown = day.contacts.by_queue(day_of(home.now()), rules_of(home.store.centre), home.now())["enquiries"]
        assert (shown.answered, shown.abandoned) == (1, 0)
