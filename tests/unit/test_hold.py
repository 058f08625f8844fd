"""保留 in virtual time: music for the caller, back by button or by time, whoever dies or hangs up meanwhile."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from dialplan.names import talk_bridge
from kernel.call import Call, Stage
from kernel.commands import CommandKind
from kernel.operator import OperatorState
from tests.support.house import House, house

BRIDGE = talk_bridge("c-1")
pytestmark = pytest.mark.looptime


async def talking(home: House, hold_limit_seconds: int = 60) -> Call:
    queues = tuple(
        queue.model_copy(update={"hold_limit_seconds": hold_limit_seconds}) for queue in home.store.centre.queues
    )
    home.store.centre = home.store.centre.model_copy(update={"queues": queues})
    home.ready("sato")
    home.phone("7001", answers_after=1)
    await home.controller()
    home.exchange.call("c-1", keys="1")
    return await home.at("c-1", Stage.TALK)


async def held(home: House, hold_limit_seconds: int = 60) -> Call:
    await talking(home, hold_limit_seconds)
    await home.click(CommandKind.HOLD, "sato", "c-1")
    await home.until(lambda: home.exchange.channels["c-1"].music, "the caller hears music")
    return home.store.calls["c-1"]


def hear_each_other(home: House) -> bool:
    return {"c-1", home.store.calls["c-1"].operator_leg} <= home.exchange.members.get(BRIDGE, set())


async def test_a_caller_on_hold_hears_music_alone_and_nothing_is_recorded():
    async with house() as home:
        call = await held(home)
        assert home.exchange.members[BRIDGE] == {call.operator_leg}
        assert home.exchange.live_recordings == home.exchange.paused_recordings != set()
        status = home.store.by_operator["sato"]
        assert call.held is not None
        assert (status.state, status.until) == (OperatorState.ON_HOLD, call.held + timedelta(seconds=60))


async def test_taken_back_both_hear_each_other_and_the_recording_goes_on():
    async with house() as home:
        await held(home)
        await home.click(CommandKind.RESUME, "sato", "c-1")
        await home.until(lambda: hear_each_other(home), "both hear each other")
        await home.until(lambda: not home.exchange.paused_recordings, "it is recorded")
        call, status = home.store.calls["c-1"], home.store.by_operator["sato"]
        assert (call.stage, call.held) == (Stage.TALK, None)
        assert (status.state, status.until) == (OperatorState.TALKING, None)
        assert home.store.kinds("c-1").count("call_answered") == 1


async def test_a_caller_who_is_forgotten_on_hold_comes_back_after_the_set_time():
    """Hard case 21."""
    async with house() as home:
        call = await held(home, hold_limit_seconds=90)
        assert call.held is not None
        await home.until(lambda: hear_each_other(home), "the caller comes back")
        assert 89 < (home.now() - call.held).total_seconds() < 92
        (back,) = [one.event for one in home.store.stored if one.event.kind == "call_resumed"]
        assert back.data["why"] == "limit"


@pytest.mark.parametrize("away", [5, 200])
async def test_a_held_call_is_held_still_after_a_crash_and_its_time_goes_on(away: int):
    async with house() as home:
        call = await held(home, hold_limit_seconds=90)
        assert call.held is not None
        await home.kill()
        await asyncio.sleep(away)
        await home.controller()
        await home.until(lambda: "call_adopted" in home.store.kinds("c-1"), "the call is adopted")
        if away < 90:
            await asyncio.sleep(1)
            assert (home.operator("sato"), home.exchange.channels["c-1"].music) == (OperatorState.ON_HOLD, True)
            assert home.store.calls["c-1"].held == call.held
        await home.until(lambda: hear_each_other(home), "the caller comes back")
        assert (home.now() - call.held).total_seconds() < max(92, away + 8)
        assert home.store.kinds("c-1").count("call_held") == 1


async def test_a_caller_who_hangs_up_on_hold_ends_the_talk():
    async with house() as home:
        call = await held(home)
        home.exchange.hang_up("c-1")
        over = await home.at("c-1", Stage.WRAP_UP)
        assert (over.held, home.operator("sato")) == (None, OperatorState.WRAP_UP)
        assert not home.exchange.channels[call.operator_leg or ""].alive
        assert not home.exchange.live_recordings


async def test_an_operator_who_hangs_up_on_hold_does_not_leave_the_caller_with_the_music():
    async with house() as home:
        call = await held(home)
        home.exchange.hang_up(call.operator_leg or "")
        await home.at("c-1", Stage.WRAP_UP)
        assert not home.exchange.channels["c-1"].alive


@pytest.mark.parametrize("who", ["c-1", "operator"])
async def test_whoever_hangs_up_on_hold_while_no_controller_is_there_ends_the_talk(who: str):
    async with house() as home:
        call = await held(home)
        await home.kill()
        home.exchange.hang_up(call.operator_leg or "" if who == "operator" else who)
        await home.controller()
        await home.at("c-1", Stage.WRAP_UP)
        await home.until(lambda: not home.exchange.channels["c-1"].alive, "the caller's line is over")


async def test_a_party_that_is_gone_when_the_caller_is_taken_back_ends_the_talk():
    async with house() as home:
        call = await held(home)
        leg = home.exchange.channels[call.operator_leg or ""]
        leg.over.set_result(home.now())
        await home.click(CommandKind.RESUME, "sato", "c-1")
        await home.at("c-1", Stage.WRAP_UP)


async def test_a_held_caller_is_handed_over_and_hears_the_department():
    async with house() as home:
        await held(home)
        home.phone("2301@city-pbx", answers_after=1)
        await home.click(CommandKind.HAND_OVER, "sato", "c-1", extension="2301")
        await home.until(lambda: "hand_over_answered" in home.store.kinds("c-1"), "the department answers")
        assert home.store.calls["c-1"].held is None
        assert not home.exchange.live_recordings


async def test_pressed_twice_it_is_held_once_and_said_why():
    async with house() as home:
        call = await held(home)
        await home.click(CommandKind.HOLD, "sato", "c-1")
        await home.until(lambda: "command_refused" in home.store.kinds("c-1"), "the second press is refused")
        assert home.store.calls["c-1"].held == call.held
        await home.click(CommandKind.RESUME, "sato", "c-1")
        await home.until(lambda: hear_each_other(home), "both hear each other")
        await home.click(CommandKind.RESUME, "sato", "c-1")
        refused = "command_refused"
        await home.until(lambda: home.store.kinds("c-1").count(refused) == 2, "so is the second return")
        reasons = [one.event.data["reason"] for one in home.store.stored if one.event.kind == refused]
        assert reasons == ["already_done", "already_done"]


async def test_nobody_holds_anothers_call():
    async with house() as home:
        await talking(home)
        await home.click(CommandKind.HOLD, "suzuki", "c-1")
        await home.until(lambda: "command_refused" in home.store.kinds("c-1"), "it is refused")
        assert home.store.calls["c-1"].held is None


async def test_a_pause_that_is_wished_on_hold_follows_the_call():
    async with house() as home:
        await held(home)
        await home.click(CommandKind.PAUSE, "sato", reason="休憩")
        await home.click(CommandKind.RESUME, "sato", "c-1")
        await home.until(lambda: hear_each_other(home), "both hear each other")
        home.exchange.hang_up("c-1")
        await home.at("c-1", Stage.WRAP_UP)
        await home.click(CommandKind.FINISH_WRAP_UP, "sato", "c-1")
        await home.until(lambda: home.operator("sato") is OperatorState.PAUSED, "the pause")
        assert home.store.by_operator["sato"].reason == "休憩"


async def test_a_recording_that_cannot_be_paused_is_stopped_for_good():
    async with house() as home:
        await talking(home)
        home.exchange.breaks["pause_recording"] = RuntimeError("no")
        await home.click(CommandKind.HOLD, "sato", "c-1")
        await home.until(lambda: home.exchange.channels["c-1"].music, "the caller hears music")
        assert not home.exchange.live_recordings
        await home.click(CommandKind.RESUME, "sato", "c-1")
        await home.until(lambda: hear_each_other(home), "both hear each other")
        assert not home.exchange.live_recordings
