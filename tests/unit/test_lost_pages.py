"""An operator's page is gone from a talk for a while, in virtual time (hard case 28)."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from dialplan.names import operator_leg, talk_bridge
from kernel.call import Call, Stage
from kernel.commands import CommandKind
from kernel.operator import OperatorState
from tests.support.house import House, house

BRIDGE = talk_bridge("c-1")
RETURN_SECONDS = 60
pytestmark = pytest.mark.looptime


async def talking(home: House, phone: str = "browser") -> Call:
    centre = home.store.centre
    queues = tuple(queue.model_copy(update={"return_seconds": RETURN_SECONDS}) for queue in centre.queues)
    seats = tuple(seat.model_copy(update={"phone": phone}) if seat.id == "sato" else seat for seat in centre.operators)
    home.store.centre = centre.model_copy(update={"queues": queues, "operators": seats})
    home.ready("sato")
    home.phone("7001", answers_after=1)
    await home.controller()
    home.exchange.call("c-1", keys="1")
    call = await home.at("c-1", Stage.TALK)
    await home.until(lambda: hear_each_other(home), "both hear each other")
    return call


async def lost(home: House) -> Call:
    """The page is closed in mid-talk."""
    call = await talking(home)
    home.exchange.register("7001", here=False)
    home.exchange.fall_silent(call.operator_leg or "")
    await home.until(lambda: home.exchange.channels["c-1"].music, "the caller hears music")
    return home.store.calls["c-1"]


def hear_each_other(home: House) -> bool:
    return {"c-1", home.store.calls["c-1"].operator_leg} <= home.exchange.members.get(BRIDGE, set())


async def test_a_page_that_is_gone_puts_the_caller_on_hold_and_nothing_is_recorded():
    async with house() as home:
        call = await lost(home)
        assert call.stage is Stage.TALK
        assert home.exchange.live_recordings == home.exchange.paused_recordings != set()
        status = home.store.by_operator["sato"]
        assert call.lost is not None
        assert (status.state, status.until) == (OperatorState.ON_HOLD, call.lost + timedelta(seconds=RETURN_SECONDS))


async def test_once_the_page_is_back_it_answers_by_itself_and_the_same_talk_goes_on():
    async with house() as home:
        before = await lost(home)
        await asyncio.sleep(30)
        home.exchange.register("7001", here=True)
        await home.until(lambda: hear_each_other(home), "both hear each other")
        call = home.store.calls["c-1"]
        assert (call.lost, call.answered, call.offers) == (None, before.answered, before.offers)
        await home.until(lambda: not home.exchange.paused_recordings, "it is recorded")
        assert home.operator("sato") is OperatorState.TALKING
        assert home.store.kinds("c-1").count("call_answered") == 1
        assert len(home.exchange.recordings) == 1


async def test_a_page_that_says_it_has_no_sound_is_rung_again_at_once():
    async with house() as home:
        call = await talking(home)
        await asyncio.sleep(1)
        await home.click(CommandKind.REJOIN, "sato", "c-1")
        await home.until(lambda: "operator_back" in home.store.kinds("c-1"), "the operator is back")
        await home.until(lambda: hear_each_other(home), "both hear each other")
        assert not home.exchange.channels[call.operator_leg or ""].alive


async def test_of_two_words_of_the_same_loss_the_later_does_nothing():
    """Hard case 30."""
    async with house() as home:
        await talking(home)
        await asyncio.sleep(1)
        for _ in range(2):
            await home.click(CommandKind.REJOIN, "sato", "c-1")
        await home.until(lambda: "operator_back" in home.store.kinds("c-1"), "the operator is back")
        await asyncio.sleep(5)
        assert home.store.kinds("c-1").count("operator_lost") == 1
        assert hear_each_other(home)


async def test_who_does_not_come_back_loses_the_caller_to_the_next_with_the_time_that_was_waited():
    """Hard case 17."""
    async with house() as home:
        before = await lost(home)
        await home.until(lambda: home.store.calls["c-1"].stage is Stage.WAIT, "the caller waits again")
        call = home.store.calls["c-1"]
        assert (call.waiting_since, call.lost, call.operator) == (before.waiting_since, None, None)
        assert home.operator("sato") is OperatorState.WRAP_UP
        assert home.exchange.live_recordings == set()
        home.phone("7002", answers_after=1)
        await home.click(CommandKind.LOG_IN, "suzuki")
        await home.click(CommandKind.READY, "suzuki")
        await home.until(lambda: home.store.calls["c-1"].operator == "suzuki", "another operator has the caller")


async def test_who_hangs_up_in_the_page_ends_the_talk():
    async with house() as home:
        call = await talking(home)
        home.exchange.hang_up(call.operator_leg or "")
        await home.at("c-1", Stage.WRAP_UP)
        assert "operator_lost" not in home.store.kinds("c-1")


async def test_a_desk_phone_that_falls_silent_ends_the_talk_as_ever():
    """Hard case 14."""
    async with house() as home:
        call = await talking(home, phone="desk")
        home.exchange.fall_silent(call.operator_leg or "")
        await home.at("c-1", Stage.WRAP_UP)


async def test_a_caller_who_hangs_up_meanwhile_ends_the_talk():
    async with house() as home:
        await lost(home)
        home.exchange.hang_up("c-1")
        over = await home.at("c-1", Stage.WRAP_UP)
        assert (over.lost, home.operator("sato")) == (None, OperatorState.WRAP_UP)


async def test_the_operator_can_end_the_talk_or_hand_it_over_without_a_voice():
    async with house() as home:
        await lost(home)
        await home.click(CommandKind.HANG_UP, "sato", "c-1")
        await home.at("c-1", Stage.WRAP_UP)
        assert not home.exchange.channels["c-1"].alive


async def test_a_caller_who_was_on_hold_stays_so_when_the_page_is_back():
    async with house() as home:
        call = await talking(home)
        await home.click(CommandKind.HOLD, "sato", "c-1")
        await home.until(lambda: home.exchange.channels["c-1"].music, "the caller hears music")
        home.exchange.fall_silent(call.operator_leg or "")
        await home.until(lambda: "operator_back" in home.store.kinds("c-1"), "the operator is back")
        await asyncio.sleep(2)
        assert home.operator("sato") is OperatorState.ON_HOLD
        assert home.exchange.channels["c-1"].music
        assert home.exchange.live_recordings == home.exchange.paused_recordings != set()
        await home.click(CommandKind.RESUME, "sato", "c-1")
        await home.until(lambda: hear_each_other(home), "both hear each other")


@pytest.mark.parametrize("when", ["before it is noticed", "while the caller waits", "while the page is rung"])
async def test_a_controller_that_dies_meanwhile_changes_nothing(when: str):
    async with house() as home:
        if when == "before it is noticed":
            call = await talking(home)
            await home.kill()
            home.exchange.register("7001", here=False)
            home.exchange.fall_silent(call.operator_leg or "")
        else:
            await lost(home)
        if when == "while the page is rung":
            home.exchange.register("7001", here=True)
            await home.until(lambda: home.store.calls["c-1"].operator_leg is not None, "the page is rung")
        await home.kill()
        await asyncio.sleep(5)
        await home.controller()
        await asyncio.sleep(5)
        assert home.store.kinds("c-1").count("operator_lost") == 1
        if when != "while the page is rung":
            home.exchange.register("7001", here=True)
        await home.until(lambda: hear_each_other(home), "both hear each other")
        assert home.operator("sato") is OperatorState.TALKING
        legs = [id for id, one in home.exchange.channels.items() if "~" in id and one.alive]
        assert len(legs) == 1
        assert operator_leg("c-1", "sato", 1) not in home.exchange.members[BRIDGE]


async def test_a_page_that_is_rung_and_goes_again_is_rung_when_it_is_back():
    async with house() as home:
        await lost(home)
        for _ in range(2):
            home.exchange.register("7001", here=True)
            await home.until(lambda: hear_each_other(home), "both hear each other")
            leg = home.store.calls["c-1"].operator_leg or ""
            home.exchange.register("7001", here=False)
            home.exchange.fall_silent(leg)
            await home.until(lambda: home.exchange.channels["c-1"].music, "the caller hears music")
        assert home.store.kinds("c-1").count("operator_lost") == 3
