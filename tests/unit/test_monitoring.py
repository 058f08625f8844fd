"""A supervisor at a talk, in virtual time: who is in which bridge, what is stored, what is left afterwards."""

from __future__ import annotations

import asyncio

import pytest

from ivr.seed_file import load
from kernel.call import Stage
from kernel.commands import CommandKind
from kernel.events import EventKind
from kernel.operator import OperatorState
from tests.support.house import SEED, house
from tests.support.monitored import (
    APART,
    CALL,
    LISTENS,
    TALK,
    WHISPERS,
    both,
    ends,
    events,
    in_bridge,
    leg,
    nothing_is_left_but,
    order,
    reaches,
    refused,
    talking,
)

pytestmark = pytest.mark.looptime


async def test_a_held_caller_who_is_taken_over_is_back_in_the_talk_and_recorded():
    async with house() as home:
        await talking(home)
        await order(home, CommandKind.LISTEN)
        await reaches(home, APART, LISTENS)
        await home.click(CommandKind.HOLD, "sato", CALL)
        await home.until(lambda: home.exchange.channels[CALL].music, "the music")
        assert in_bridge(home, APART) == {leg(home), LISTENS}, "the supervisor is still there"
        await order(home, CommandKind.TAKE_OVER)
        await reaches(home, TALK, CALL)
        taken = home.store.calls[CALL]
        assert (taken.operator, taken.held) == ("kanri", None)
        assert home.operator("sato") is OperatorState.WRAP_UP


async def test_hold_and_back_leave_the_supervisor_where_one_is():
    async with house() as home:
        call = await talking(home)
        await order(home, CommandKind.BARGE_IN)
        await reaches(home, TALK, *both(call))
        await home.click(CommandKind.HOLD, "sato", CALL)
        await home.until(lambda: home.exchange.channels[CALL].music, "the music")
        await home.click(CommandKind.RESUME, "sato", CALL)
        await reaches(home, TALK, *both(call))
        monitor = home.store.calls[CALL].monitor
        assert monitor
        assert monitor.leg == leg(home)
        await order(home, CommandKind.STOP_LISTENING)
        await ends(home)
        nothing_is_left_but(home, *both(call))


async def test_who_listens_hears_by_a_spy_and_is_not_in_the_talk():
    async with house() as home:
        call = await talking(home)
        await order(home, CommandKind.LISTEN)
        await reaches(home, APART, LISTENS)
        assert home.exchange.ears == {LISTENS: (call.operator_leg, False)}
        assert in_bridge(home, TALK) == both(call)
        assert [shows for _, endpoint, shows in home.exchange.rung if endpoint == "7901"] == ["モニター"]
        (started,) = events(home, EventKind.MONITOR_STARTED)
        assert (started.call, started.operator, started.data["by"]) == (CALL, "sato", "kanri")


async def test_the_ways_of_being_there_change_without_a_new_ringing():
    async with house() as home:
        call = await talking(home)
        await order(home, CommandKind.LISTEN)
        await reaches(home, APART, LISTENS)
        await order(home, CommandKind.WHISPER)
        await reaches(home, APART, WHISPERS)
        assert home.exchange.ears == {WHISPERS: (call.operator_leg, True)}
        await order(home, CommandKind.BARGE_IN)
        await reaches(home, TALK, *both(call))
        assert home.exchange.ears == {}
        await order(home, CommandKind.LISTEN)
        await reaches(home, APART, LISTENS)
        assert in_bridge(home, TALK) == both(call)
        assert len([1 for _, endpoint, _ in home.exchange.rung if endpoint == "7901"]) == 1
        assert [event.data["mode"] for event in events(home, EventKind.MONITOR_CHANGED)] == [
            "whisper",
            "barge_in",
            "listen",
        ]


async def test_who_takes_over_has_the_call_and_the_operator_writes_it_up():
    async with house() as home:
        call = await talking(home)
        recording = set(home.exchange.live_recordings)
        await order(home, CommandKind.LISTEN)
        await reaches(home, APART, LISTENS)
        await order(home, CommandKind.TAKE_OVER)
        await reaches(home, TALK, CALL)
        taken = home.store.calls[CALL]
        assert (taken.stage, taken.operator, taken.operator_leg) == (Stage.TALK, "kanri", leg(home))
        assert home.operator("sato") is OperatorState.WRAP_UP
        assert home.exchange.live_recordings == recording, "the recording goes on"
        nothing_is_left_but(home, CALL, leg(home))
        (event,) = events(home, EventKind.CALL_TAKEN_OVER)
        assert (event.operator, event.data["by"]) == ("sato", "kanri")
        home.exchange.hang_up(leg(home))
        await home.at(CALL, Stage.ENDED)
        nothing_is_left_but(home)
        assert home.operator("sato") is OperatorState.WRAP_UP, "until sato has finished"
        assert call.answered == home.store.calls[CALL].answered
        assert "kanri" not in home.store.by_operator, "a supervisor is no operator"


async def test_a_call_is_taken_over_at_once_too():
    async with house() as home:
        await talking(home)
        await order(home, CommandKind.TAKE_OVER)
        await reaches(home, TALK, CALL)
        assert home.store.calls[CALL].operator == "kanri"


@pytest.mark.parametrize("kind", [CommandKind.LISTEN, CommandKind.WHISPER, CommandKind.BARGE_IN])
@pytest.mark.parametrize("who", ["caller", "operator"])
async def test_the_talks_end_is_the_supervisors_too(kind: CommandKind, who: str):
    async with house() as home:
        call = await talking(home)
        await order(home, kind)
        await home.until(lambda: call.id in home.store.calls and len(home.exchange.rung) == 2, "the phone rings")
        await asyncio.sleep(3)
        home.exchange.hang_up(CALL if who == "caller" else call.operator_leg or "")
        await home.at(CALL, Stage.WRAP_UP)
        nothing_is_left_but(home)
        assert events(home, EventKind.MONITOR_ENDED)[-1].data["why"] in {"talk_ended", "hung_up"}


@pytest.mark.parametrize("kind", [CommandKind.LISTEN, CommandKind.WHISPER, CommandKind.BARGE_IN])
@pytest.mark.parametrize("how", ["hangs up", "button"])
async def test_a_supervisor_who_leaves_disturbs_nothing(kind: CommandKind, how: str):
    async with house() as home:
        call = await talking(home)
        await order(home, kind)
        await home.until(lambda: len(home.exchange.rung) == 2, "the phone rings")
        await asyncio.sleep(3)
        if how == "button":
            await order(home, CommandKind.STOP_LISTENING)
        else:
            home.exchange.hang_up(leg(home))
        await ends(home)
        assert home.store.calls[CALL].stage is Stage.TALK
        assert in_bridge(home, TALK) == both(call)
        nothing_is_left_but(home, *both(call))
        await order(home, CommandKind.LISTEN)
        await reaches(home, APART, LISTENS)


async def test_a_supervisor_who_does_not_answer_is_told_so_and_the_talk_goes_on():
    async with house() as home:
        call = await talking(home, supervisor_answers=None)
        await order(home, CommandKind.LISTEN)
        await home.until(lambda: bool(events(home, EventKind.MONITOR_ENDED)), "the ringing ends")
        assert events(home, EventKind.MONITOR_ENDED)[-1].data["why"] == "no_answer"
        nothing_is_left_but(home, *both(call))


async def test_a_caller_who_leaves_stops_the_ringing_of_the_supervisors_phone():
    async with house() as home:
        await talking(home, supervisor_answers=None)
        await order(home, CommandKind.LISTEN)
        await home.until(lambda: len(home.exchange.rung) == 2, "the phone rings")
        home.exchange.hang_up(CALL)
        await home.at(CALL, Stage.WRAP_UP)
        nothing_is_left_but(home)


async def test_an_exchange_that_makes_no_spy_ends_the_monitoring_alone():
    async with house() as home:
        call = await talking(home)
        home.exchange.breaks["spy"] = RuntimeError("no snoop")
        await order(home, CommandKind.LISTEN)
        await home.until(lambda: bool(events(home, EventKind.MONITOR_ENDED)), "its end")
        assert events(home, EventKind.MONITOR_ENDED)[-1].data["why"] == "failed"
        assert home.store.calls[CALL].stage is Stage.TALK
        nothing_is_left_but(home, *both(call))


async def test_a_second_supervisor_is_told_that_one_is_there():
    centre = load(SEED)
    (kanri,) = centre.supervisors
    mori = kanri.model_copy(update={"id": "mori", "extension": "7902"})
    async with house(centre.model_copy(update={"supervisors": (kanri, mori)})) as home:
        await talking(home)
        await order(home, CommandKind.LISTEN)
        await reaches(home, APART, LISTENS)
        await order(home, CommandKind.BARGE_IN, by="mori")
        assert await refused(home) == "monitored_already"


async def test_one_supervisor_is_at_one_talk():
    async with house() as home:
        await talking(home)
        home.exchange.call("c-2", keys="1")
        await home.at("c-2", Stage.TALK)
        await order(home, CommandKind.LISTEN)
        await reaches(home, APART, LISTENS)
        await order(home, CommandKind.LISTEN, call="c-2")
        assert await refused(home) == "supervisor_busy"


async def test_who_takes_calls_on_the_same_phone_listens_only_while_off_duty():
    centre = load(SEED)
    (kanri,) = centre.supervisors
    shared = kanri.model_copy(update={"extension": "7002"})
    async with house(centre.model_copy(update={"supervisors": (shared,)})) as home:
        await talking(home)
        await order(home, CommandKind.LISTEN)
        assert await refused(home) == "supervisor_busy"


@pytest.mark.parametrize(
    ("kind", "by", "reason"),
    [
        (CommandKind.STOP_LISTENING, "kanri", "already_done"),
        (CommandKind.LISTEN, "sato", "no_phone"),
    ],
)
async def test_an_order_that_makes_no_sense_is_refused(kind: CommandKind, by: str, reason: str):
    async with house() as home:
        await talking(home)
        await order(home, kind, by=by)
        assert await refused(home) == reason


async def test_a_talk_that_is_over_is_not_listened_to():
    async with house() as home:
        await talking(home)
        home.exchange.hang_up(CALL)
        await home.at(CALL, Stage.WRAP_UP)
        await order(home, CommandKind.LISTEN)
        assert await refused(home) == "call_is_over"
