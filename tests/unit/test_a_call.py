"""A call through the stages, in virtual time."""

from __future__ import annotations

import asyncio

import pytest

from kernel.call import Outcome, Stage
from kernel.commands import CommandKind
from kernel.events import Event, EventKind
from kernel.operator import OperatorState
from tests.support.house import House, house
from tests.support.transferring import city

pytestmark = pytest.mark.looptime


async def answered_call(home: House, keys: str = "1") -> None:
    home.ready("sato")
    home.phone("7001", answers_after=4)
    await home.controller()
    home.exchange.call("c-1", keys=keys)
    await home.at("c-1", Stage.TALK)


async def test_a_call_goes_from_the_menu_through_the_queue_to_an_operator_who_writes_its_history():
    async with house() as home:
        await answered_call(home)
        assert home.exchange.members["c-1~talk"] == {"c-1", "c-1~operator~sato~1"}
        assert home.exchange.live_recordings
        assert not home.exchange.channels["c-1"].music
        assert home.operator("sato") is OperatorState.TALKING
        home.exchange.hang_up("c-1")
        await home.at("c-1", Stage.WRAP_UP)
        assert home.operator("sato") is OperatorState.WRAP_UP
        home.store.write(Event(EventKind.HISTORY_SAVED, home.now(), "c-1", "sato"))
        await home.tell(home.store.stored[-1])
        call = await home.at("c-1", Stage.ENDED)
        assert home.operator("sato") is OperatorState.READY
        assert (call.queue, call.keys, call.outcome) == ("enquiries", ("1",), Outcome.ANSWERED)
        assert home.store.kinds("c-1") == [
            "call_arrived",
            "menu_chosen",
            "call_queued",
            "operator_changed",
            "call_offered",
            "operator_changed",
            "call_answered",
            "recording_started",
            "operator_changed",
            "recording_stopped",
            "talk_ended",
            "history_saved",
            "wrap_up_ended",
            "call_ended",
        ]


async def test_an_operator_who_hangs_up_ends_the_call_for_the_caller_too():
    async with house() as home:
        await answered_call(home)
        home.exchange.hang_up("c-1~operator~sato~1")
        await home.at("c-1", Stage.WRAP_UP)
        assert not home.exchange.channels["c-1"].alive
        assert not home.exchange.live_recordings


async def test_an_operator_ends_the_talk_with_a_click_and_the_wrap_up_with_another():
    async with house() as home:
        await answered_call(home)
        await home.click(CommandKind.HANG_UP, "sato", "c-1")
        await home.at("c-1", Stage.WRAP_UP)
        await home.click(CommandKind.FINISH_WRAP_UP, "sato", "c-1")
        await home.at("c-1", Stage.ENDED)
        assert home.operator("sato") is OperatorState.READY


async def test_a_caller_whom_nobody_answers_keeps_the_place_while_the_next_operator_is_rung():
    async with house() as home:
        home.ready("sato", "suzuki")
        home.phone("7001")
        home.phone("7002", answers_after=3)
        await home.controller()
        home.exchange.call("c-1", keys="2")
        waiting = await home.at("c-1", Stage.WAIT)
        talking = await home.at("c-1", Stage.TALK)
        assert talking.operator == "suzuki"
        assert talking.queue == "exchange"
        assert talking.waiting_since == waiting.waiting_since
        assert home.operator("sato") is OperatorState.NOT_ANSWERING


async def test_two_callers_are_answered_in_the_order_of_their_coming_and_hear_their_place():
    async with house() as home:
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.WAIT)
        home.exchange.call("c-2", keys="1")
        await home.at("c-2", Stage.WAIT)
        await home.until(lambda: any("2" in text for text in home.exchange.channels["c-2"].heard), "place told")
        home.phone("7001", answers_after=1)
        await home.click(CommandKind.LOG_IN, "sato")
        await home.click(CommandKind.READY, "sato")
        await home.at("c-1", Stage.TALK)
        assert home.store.calls["c-2"].stage is Stage.WAIT


async def test_a_caller_who_hangs_up_while_waiting_is_abandoned_with_the_time_waited():
    async with house() as home:
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.WAIT)
        await asyncio.sleep(20)
        home.exchange.hang_up("c-1")
        call = await home.at("c-1", Stage.ENDED)
        assert call.outcome is Outcome.ABANDONED
        assert call.ended is not None
        assert call.waiting_since is not None
        assert 19 < (call.ended - call.waiting_since).total_seconds() < 22


async def test_a_caller_who_hangs_up_while_a_phone_rings_frees_the_operator_and_stops_the_ringing():
    async with house() as home:
        home.ready("sato")
        home.phone("7001", answers_after=10)
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.until(lambda: bool(home.exchange.rung), "ringing")
        home.exchange.hang_up("c-1")
        await home.at("c-1", Stage.ENDED)
        assert home.operator("sato") is OperatorState.READY
        assert not home.exchange.channels["c-1~operator~sato~1"].alive


async def test_out_of_hours_the_caller_hears_the_guidance_and_the_call_ends():
    async with house() as home:
        home.start = home.start.replace(hour=12)
        await home.controller()
        home.exchange.call("c-1")
        call = await home.at("c-1", Stage.ENDED)
        assert call.outcome is Outcome.CLOSED
        assert home.exchange.channels["c-1"].heard == [home.store.centre.announcements["closed"]]


async def test_a_full_queue_says_so_instead_of_keeping_one_more_caller():
    async with house() as home:
        queues = tuple(queue.model_copy(update={"limit": 1}) for queue in home.store.centre.queues)
        home.store.centre = home.store.centre.model_copy(update={"queues": queues})
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.WAIT)
        home.exchange.call("c-2", keys="1")
        call = await home.at("c-2", Stage.ENDED)
        assert call.outcome is Outcome.CONGESTED


async def test_a_stage_that_fails_sends_its_own_caller_to_the_apology_and_no_other():
    async with house() as home:
        home.ready("sato")
        home.phone("7001", answers_after=1)
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.TALK)
        home.exchange.breaks["ring"] = RuntimeError("no such endpoint")
        home.ready("suzuki")
        await home.click(CommandKind.LOG_IN, "suzuki")
        await home.click(CommandKind.READY, "suzuki")
        home.exchange.call("c-2", keys="1")
        call = await home.at("c-2", Stage.ENDED)
        assert call.outcome is Outcome.FAILED
        assert home.exchange.channels["c-2"].apologised
        assert home.store.calls["c-1"].stage is Stage.TALK
        assert home.operator("suzuki") is OperatorState.READY


async def test_the_recording_stops_before_the_department_is_let_in_and_the_operator_is_in_wrap_up():
    async with house() as home:
        await answered_call(home)
        stopped_when_let_in: list[bool] = []
        join = home.exchange.join

        async def watching(bridge: str, *channels: str):
            stopped_when_let_in.append(not home.exchange.live_recordings)
            await join(bridge, *channels)

        home.exchange.join = watching  # type: ignore[method-assign]
        home.phone("2301@city-pbx", answers_after=2)
        await home.click(CommandKind.HAND_OVER, "sato", "c-1", extension="2301")
        await home.until(lambda: "hand_over_answered" in home.store.kinds("c-1"), "put through")
        assert stopped_when_let_in == [True]
        assert home.operator("sato") is OperatorState.WRAP_UP
        assert home.exchange.members["c-1~talk"] == {"c-1", city(home)}
        home.exchange.hang_up("c-1")
        await home.click(CommandKind.FINISH_WRAP_UP, "sato", "c-1")
        call = await home.at("c-1", Stage.ENDED)
        assert call.outcome is Outcome.HANDED_OVER
        assert not home.exchange.channels[city(home)].alive


async def test_a_caller_whose_department_does_not_answer_comes_back_to_who_sent_the_caller_there():
    async with house() as home:
        await answered_call(home)
        since = home.store.calls["c-1"].waiting_since
        home.phone("2301@city-pbx", refuses="busy")
        await home.click(CommandKind.HAND_OVER, "sato", "c-1", extension="2301")
        back = await home.at("c-1", Stage.WAIT)
        assert (back.waiting_since, back.assigned) == (since, "sato")
        call = await home.at("c-1", Stage.TALK)
        assert (call.operator, call.assigned, call.transfer) == ("sato", None, None)
