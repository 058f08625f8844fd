"""Hard cases of queues and operators that need no exchange: 8, 9, 11, 12, 13 and 17. In virtual time."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from kernel.call import Outcome, Stage
from kernel.commands import CommandKind
from kernel.operator import OperatorState
from kernel.routing import Lead, Overflow
from tests.support.house import House, house

pytestmark = pytest.mark.looptime


async def state(home: House, operator: str, state: OperatorState) -> None:
    known = home.store.by_operator
    await home.until(lambda: operator in known and known[operator].state is state, f"{operator} {state}")


async def talk(home: House, call: str = "c-1") -> None:
    home.exchange.call(call, keys="1")
    await home.at(call, Stage.TALK)


async def test_a_pause_stays_with_its_reason_across_a_crash_a_lost_connection_and_calls_that_wait():
    """Hard case 8."""
    async with house() as home:
        home.ready("sato")
        home.phone("7001", answers_after=1)
        await home.controller()
        await home.click(CommandKind.PAUSE, "sato", reason="研修")
        await state(home, "sato", OperatorState.PAUSED)
        paused = home.store.by_operator["sato"]
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.WAIT)
        for _ in range(2):
            await home.kill()
            await home.controller()
            await home.pull_the_cable()
            await home.reconnect()
            await asyncio.sleep(5)
        assert home.store.by_operator["sato"] == paused
        assert paused.reason == "研修"
        assert not home.exchange.rung


@pytest.mark.parametrize("crash", [False, True])
async def test_a_pause_pressed_in_wrap_up_holds_and_the_wrap_up_neither_ends_early_nor_starts_again(crash: bool):
    """Hard case 9."""
    async with house() as home:
        centre = home.store.centre
        queues = tuple(queue.model_copy(update={"wrap_up_seconds": 60}) for queue in centre.queues)
        home.store.centre = centre.model_copy(update={"queues": queues})
        home.ready("sato")
        home.phone("7001", answers_after=1)
        await home.controller()
        await talk(home)
        home.exchange.hang_up("c-1")
        await home.at("c-1", Stage.WRAP_UP)
        began = home.store.by_operator["sato"].since
        await asyncio.sleep(10)
        await home.click(CommandKind.PAUSE, "sato", reason="休憩")
        if crash:
            await home.kill()
            await home.controller()
        await home.until(lambda: home.store.by_operator["sato"].then is OperatorState.PAUSED, "the pause is noted")
        await asyncio.sleep(30)
        status = home.store.by_operator["sato"]
        assert (status.state, status.since) == (OperatorState.WRAP_UP, began)
        home.exchange.call("c-2", keys="1")
        await state(home, "sato", OperatorState.PAUSED)
        status = home.store.by_operator["sato"]
        assert status.reason == "休憩"
        assert timedelta(seconds=60) <= status.since - began < timedelta(seconds=61)
        await asyncio.sleep(60)
        assert home.operator("sato") is OperatorState.PAUSED
        assert len(home.exchange.rung) == 1


async def test_an_offer_that_is_not_answered_sets_the_operator_aside_and_the_caller_keeps_the_place():
    """Hard case 11."""
    async with house() as home:
        home.ready("sato")
        home.phone("7001")
        await home.controller()
        home.exchange.call("c-1", keys="1")
        first = await home.at("c-1", Stage.WAIT)
        home.exchange.call("c-2", keys="1")
        await state(home, "sato", OperatorState.NOT_ANSWERING)
        await asyncio.sleep(60)
        assert home.operator("sato") is OperatorState.NOT_ANSWERING
        assert home.store.calls["c-1"].waiting_since == first.waiting_since
        home.phone("7001", answers_after=1)
        await home.click(CommandKind.READY, "sato")
        await home.at("c-1", Stage.TALK)
        assert home.store.calls["c-2"].stage is Stage.WAIT


@pytest.mark.parametrize("after", [step / 100 for step in range(-5, 6)])
async def test_a_caller_who_hangs_up_as_the_operator_answers_leaves_no_dead_call(after: float):
    """Hard case 12: a little before the answer, in its very moment, a little after."""
    async with house() as home:
        home.ready("sato")
        home.phone("7001", answers_after=2)
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await state(home, "sato", OperatorState.RINGING)
        await asyncio.sleep(2 + after)
        home.exchange.hang_up("c-1")
        await home.until(lambda: home.operator("sato") not in {OperatorState.RINGING, OperatorState.TALKING}, "over")
        assert not [id for id, channel in home.exchange.channels.items() if channel.alive]
        assert not home.exchange.members
        if home.operator("sato") is OperatorState.WRAP_UP:
            await home.click(CommandKind.FINISH_WRAP_UP, "sato", "c-1")
        over = await home.at("c-1", Stage.ENDED)
        answered = home.store.kinds("c-1").count("call_answered")
        assert (over.outcome is Outcome.ANSWERED, over.outcome is Outcome.ABANDONED) == (answered == 1, answered == 0)
        await talk(home, "c-2")
        assert home.store.calls["c-2"].operator == "sato"


async def test_a_caller_who_is_put_back_into_the_queue_comes_before_who_came_later():
    """Hard case 17."""
    async with house() as home:
        home.ready("sato")
        home.phone("7001", answers_after=1)
        home.phone("2301@city-pbx", refuses="busy")
        await home.controller()
        await talk(home)
        first = home.store.calls["c-1"]
        home.exchange.call("c-2", keys="1")
        await home.at("c-2", Stage.WAIT)
        await home.click(CommandKind.HAND_OVER, "sato", "c-1", extension="2301")
        back = await home.at("c-1", Stage.WAIT)
        assert back.waiting_since == first.waiting_since
        await home.click(CommandKind.FINISH_WRAP_UP, "sato", "c-1")
        await home.at("c-1", Stage.TALK)
        assert home.store.calls["c-2"].stage is Stage.WAIT


@pytest.mark.parametrize("after", [0.0, 0.5, 1.0, 1.9, 2.0, 2.1, 29.9, 30.0, 30.1, 31.0, 33.9])
@pytest.mark.parametrize("broken", [None, RuntimeError("no sound")])
async def test_an_announcement_that_is_broken_off_or_fails_loses_nobody_the_turn(
    after: float, broken: Exception | None
):
    """The operator becomes ready before, in and after the words; the phone rings in that moment."""
    async with house() as home:
        home.phone("7001", answers_after=1)
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.WAIT)
        if broken:
            home.exchange.breaks["line"] = broken
        await asyncio.sleep(after)
        await home.click(CommandKind.LOG_IN, "sato")
        await home.click(CommandKind.READY, "sato")
        ready = home.now()
        await state(home, "sato", OperatorState.RINGING)
        assert home.now() - ready < timedelta(seconds=0.1)
        home.exchange.breaks.clear()
        await home.at("c-1", Stage.TALK)


async def test_callers_for_whom_nobody_is_at_work_hear_the_guidance_and_the_end():
    """Hard case 13, for a queue that has no rule for it."""
    async with house() as home:
        home.ready("sato")
        home.phone("7001", answers_after=1)
        await home.controller()
        home.exchange.call("c-0", keys="1")
        await home.at("c-0", Stage.TALK)
        channel = home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.WAIT)
        await asyncio.sleep(300)
        assert home.store.calls["c-1"].stage is Stage.WAIT, "somebody is at work, though busy"
        await home.click(CommandKind.LOG_OUT, "sato")
        left = home.now()
        over = await home.at("c-1", Stage.ENDED)
        assert over.outcome is Outcome.CONGESTED
        assert channel.heard[-1] == home.store.centre.announcements["congested"]
        assert over.ended
        assert timedelta(minutes=2) <= over.ended - left < timedelta(minutes=2, seconds=10)


async def test_the_rule_of_a_queue_for_whom_nobody_is_at_work_is_followed():
    """Hard case 13."""
    async with house() as home:
        rule = Overflow(when="no_operator", after=20, to=Lead(queue="exchange"))
        enquiries, exchange = home.store.centre.queues
        changed = (enquiries.model_copy(update={"overflow": (rule,)}), exchange)
        seats = home.store.centre.operators
        sato = seats[0].model_copy(update={"queues": ("enquiries",)})
        suzuki = seats[1].model_copy(update={"queues": ("exchange",)})
        home.store.centre = home.store.centre.model_copy(update={"queues": changed, "operators": (sato, suzuki)})
        home.phone("7002", answers_after=1)
        await home.controller()
        home.exchange.call("c-1", keys="1")
        call = await home.at("c-1", Stage.WAIT)
        await home.until(lambda: home.store.calls["c-1"].queue == "exchange", "the other queue")
        assert home.store.calls["c-1"].waiting_since == call.waiting_since
        await home.click(CommandKind.LOG_IN, "suzuki")
        await home.click(CommandKind.READY, "suzuki")
        assert (await home.at("c-1", Stage.TALK)).operator == "suzuki"
