"""Who hangs up, answers or crashes in which moment of a hand-over to the city hall."""

from __future__ import annotations

import asyncio

import pytest

from dialplan.switch import ChannelGone
from kernel.call import Outcome, Stage
from kernel.commands import CommandKind
from kernel.operator import OperatorState
from tests.support.house import House, house
from tests.support.transferring import city

pytestmark = pytest.mark.looptime


async def talking(home: House) -> None:
    home.ready("sato")
    home.phone("7001", answers_after=1)
    await home.controller()
    home.exchange.call("c-1", keys="1")
    await home.at("c-1", Stage.TALK)


async def handed_over(home: House, answers_after: float | None = None) -> None:
    """The city hall's phone rings; with ``answers_after`` it has answered."""
    await talking(home)
    home.phone("2301@city-pbx", answers_after=answers_after)
    await home.click(CommandKind.HAND_OVER, "sato", "c-1", extension="2301")
    await home.until(lambda: bool(city(home)), "the department is rung")
    if answers_after is not None:
        await home.until(lambda: "hand_over_answered" in home.store.kinds("c-1"), "put through")


def counts(home: House, *kinds: str) -> list[int]:
    return [home.store.kinds("c-1").count(kind) for kind in kinds]


async def test_a_caller_who_hangs_up_while_the_department_is_rung_leaves_no_phone_ringing_and_is_not_queued_again():
    async with house() as home:
        await handed_over(home)
        home.exchange.hang_up("c-1")
        call = await home.at("c-1", Stage.WRAP_UP)
        assert not home.exchange.channels[city(home)].alive
        assert home.operator("sato") is OperatorState.WRAP_UP
        assert call.outcome is Outcome.ANSWERED
        assert counts(home, "call_queued", "talk_ended", "call_abandoned", "recording_stopped") == [1, 1, 0, 1]


async def test_a_caller_who_hangs_up_in_the_moment_the_department_answers_is_not_queued_again():
    async with house() as home:
        await talking(home)

        async def gone(bridge: str, *channels: str) -> None:
            home.exchange.hang_up("c-1")
            raise ChannelGone("c-1")

        home.exchange.join = gone  # type: ignore[method-assign]
        home.phone("2301@city-pbx", answers_after=2)
        await home.click(CommandKind.HAND_OVER, "sato", "c-1", extension="2301")
        await home.at("c-1", Stage.WRAP_UP)
        assert not home.exchange.channels[city(home)].alive
        assert counts(home, "call_queued", "hand_over_failed") == [1, 0]


async def test_a_caller_who_hangs_up_in_the_moment_of_the_hand_over_leaves_a_timed_wrap_up_and_no_phone_ringing():
    async with house() as home:
        queues = tuple(queue.model_copy(update={"wrap_up_seconds": 60}) for queue in home.store.centre.queues)
        home.store.centre = home.store.centre.model_copy(update={"queues": queues})
        await talking(home)
        await home.kill()
        home.store.write(home.store.calls["c-1"].handed_to("2301", "c-1~city~2301~click", home.now()))
        home.exchange.hang_up("c-1")
        await home.controller()
        call = await home.at("c-1", Stage.WRAP_UP)
        assert not home.exchange.channels["c-1~operator~sato~1"].alive
        assert call.wrap_up_until is not None
        assert not home.exchange.channels[city(home)].alive
        await home.until(lambda: home.operator("sato") is OperatorState.READY, "the time is up")


async def test_a_department_that_hangs_up_first_ends_the_call_for_the_caller_too():
    async with house() as home:
        await handed_over(home, answers_after=2)
        home.exchange.hang_up(city(home))
        call = await home.at("c-1", Stage.WRAP_UP)
        assert not home.exchange.channels["c-1"].alive
        assert call.outcome is Outcome.HANDED_OVER


async def test_a_caller_who_talks_with_the_department_notices_nothing_of_a_crash():
    async with house() as home:
        await handed_over(home, answers_after=2)
        members = home.exchange.members["c-1~talk"]
        await home.kill()
        await home.controller()
        await home.until(lambda: "call_adopted" in home.store.kinds("c-1"), "adopted")
        await asyncio.sleep(1)
        assert home.exchange.members["c-1~talk"] is members
        assert members == {"c-1", city(home)}
        assert not home.exchange.channels["c-1"].music
        assert counts(home, "hand_over_started", "hand_over_answered", "recording_stopped") == [1, 1, 1]


async def test_a_department_that_is_rung_during_a_crash_is_rung_once():
    async with house() as home:
        await handed_over(home)
        home.exchange.habits["2301@city-pbx"].answers_after = 4
        rung = len(home.exchange.rung)
        await home.kill()
        await home.controller()
        await home.until(lambda: "call_adopted" in home.store.kinds("c-1"), "adopted")
        home.exchange.channels[city(home)].answered.set()
        await home.until(lambda: "hand_over_answered" in home.store.kinds("c-1"), "put through")
        assert len(home.exchange.rung) == rung
        assert counts(home, "hand_over_started") == [1]


async def test_a_department_that_hung_up_while_no_controller_was_there_is_not_rung_again():
    async with house() as home:
        await handed_over(home, answers_after=2)
        rung = len(home.exchange.rung)
        await home.kill()
        home.exchange.hang_up(city(home))
        await home.controller()
        call = await home.at("c-1", Stage.WRAP_UP)
        assert len(home.exchange.rung) == rung
        assert call.outcome is Outcome.HANDED_OVER


@pytest.mark.parametrize("with_department", [False, True])
async def test_a_talk_that_ended_while_no_controller_was_there_ended_when_the_caller_hung_up(with_department: bool):
    async with house() as home:
        await (handed_over(home, answers_after=2) if with_department else talking(home))
        await home.kill()
        hung_up = home.now()
        home.exchange.hang_up("c-1")
        await asyncio.sleep(30)
        await home.controller()
        assert (await home.at("c-1", Stage.WRAP_UP)).ended == hung_up


async def test_a_hand_over_that_was_pressed_twice_is_not_done_again_in_the_next_talk():
    async with house() as home:
        await talking(home)
        home.phone("2301@city-pbx", refuses="busy")
        for _ in range(2):
            await home.click(CommandKind.HAND_OVER, "sato", "c-1", extension="2301")
        await home.at("c-1", Stage.WAIT)
        await home.click(CommandKind.FINISH_WRAP_UP, "sato", "c-1")
        await home.at("c-1", Stage.TALK)
        await asyncio.sleep(3)
        assert home.store.calls["c-1"].stage is Stage.TALK
        assert counts(home, "hand_over_started") == [1]


async def test_a_recording_that_cannot_be_stopped_spoils_neither_hand_over_nor_wrap_up():
    async with house() as home:
        await talking(home)
        home.exchange.breaks["stop_recording"] = RuntimeError("no")
        home.phone("2301@city-pbx", answers_after=2)
        await home.click(CommandKind.HAND_OVER, "sato", "c-1", extension="2301")
        await home.until(lambda: "hand_over_answered" in home.store.kinds("c-1"), "put through")
        assert not home.exchange.live_recordings, "who records is gone"
        home.exchange.hang_up("c-1")
        await home.at("c-1", Stage.WRAP_UP)


async def test_a_talk_that_is_taken_up_again_does_not_begin_its_recording_a_second_time():
    async with house() as home:
        await talking(home)
        await home.kill()
        await home.controller()
        await asyncio.sleep(1)
        assert counts(home, "recording_started", "call_adopted") == [1, 1]


async def test_an_operator_whose_talk_fails_is_free_again_only_when_the_phone_is():
    async with house() as home:
        await talking(home)
        await home.kill()
        home.exchange.breaks["join"] = RuntimeError("no bridge")
        await home.controller()
        home.exchange.call("c-2", keys="1")
        await home.at("c-1", Stage.ENDED)
        assert home.exchange.channels["c-1"].apologised
        assert not home.exchange.channels["c-1~operator~sato~1"].alive
        assert home.operator("sato") is not OperatorState.TALKING
        assert counts(home, "call_failed", "call_ended") == [1, 1]


async def test_a_call_whose_last_step_fails_is_closed_with_its_end_told_once():
    async with house() as home:
        await talking(home)
        home.exchange.hang_up("c-1")
        await home.at("c-1", Stage.WRAP_UP)
        home.exchange.breaks["forget"] = RuntimeError("no")
        await home.click(CommandKind.FINISH_WRAP_UP, "sato", "c-1")
        await home.at("c-1", Stage.ENDED)
        assert counts(home, "call_failed", "call_ended") == [1, 1]
