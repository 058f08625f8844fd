"""Callbacks survive kill -9 at each step: nobody is forgotten, nobody is rung twice at once."""

from __future__ import annotations

import asyncio

import pytest

from dialplan.names import citizen_leg
from kernel.call import Stage
from kernel.commands import CommandKind
from kernel.operator import OperatorState
from tests.support.house import House, house
from tests.unit.test_calling_back import CARRIER, asked, hung_up, rung

pytestmark = pytest.mark.looptime


async def anew(home: House, away_seconds: float = 3.0) -> None:
    await home.kill()
    await asyncio.sleep(away_seconds)
    await home.controller()


async def sits_down(home: House) -> None:
    await home.click(CommandKind.LOG_IN, "sato")
    await home.click(CommandKind.READY, "sato")


async def ends_well(home: House) -> None:
    """The talk runs, ends when the citizen hangs up, and leaves nothing."""
    call = await home.at("c-1", Stage.TALK)
    assert home.operator("sato") is OperatorState.TALKING
    assert call.callback is not None
    leg = citizen_leg("c-1", call.callback.attempts)
    assert leg in home.exchange.members["c-1~talk"]
    home.exchange.hang_up(leg)
    await home.at("c-1", Stage.WRAP_UP)
    await home.click(CommandKind.FINISH_WRAP_UP, "sato", "c-1")
    await home.at("c-1", Stage.ENDED)
    assert not any(channel.alive for channel in home.exchange.channels.values())
    assert home.exchange.members == {}


async def test_a_controller_killed_in_the_goodbye_has_promised_what_the_next_one_keeps():
    async with house() as home:
        home.phone("7001", answers_after=1)
        home.phone(CARRIER, answers_after=1)
        await home.controller()
        home.exchange.call("c-1", keys="1")
        waits = await home.at("c-1", Stage.WAIT)
        await asyncio.sleep(5)
        goodbye = home.store.centre.announcements["callback-goodbye"]
        home.exchange.press("c-1", "1")
        await asyncio.sleep(0.1)
        home.exchange.press("c-1", "1")
        await home.until(lambda: home.exchange.channels["c-1"].heard[-1] == goodbye, "the goodbye")
        await anew(home, away_seconds=0.1)
        call = await hung_up(home, "c-1")
        assert home.exchange.channels["c-1"].heard.count(goodbye) == 2
        assert call.waiting_since == waits.waiting_since
        await sits_down(home)
        await ends_well(home)


async def test_a_controller_killed_while_the_callback_waits_finds_its_place_again():
    async with house() as home:
        home.phone("7001", answers_after=1)
        home.phone(CARRIER, answers_after=1)
        await home.controller()
        await asked(home)
        home.exchange.call("c-2", "0311113333", keys="1")
        await home.at("c-2", Stage.WAIT)
        await anew(home)
        await sits_down(home)
        await home.at("c-1", Stage.TALK)
        assert home.store.calls["c-2"].stage is Stage.WAIT


@pytest.mark.parametrize("lost_save", [False, True])
async def test_a_controller_killed_while_the_operator_is_rung_rings_on(lost_save: bool):
    async with house() as home:
        home.phone("7001", answers_after=8)
        home.phone(CARRIER, answers_after=1)
        await home.controller()
        waits = await asked(home)
        await sits_down(home)
        await home.until(lambda: "7001" in rung(home), "the operator is rung")
        if lost_save:
            await home.kill()
            home.store.calls["c-1"] = waits
        await anew(home)
        await ends_well(home)
        assert rung(home) == ["7001", CARRIER]


@pytest.mark.parametrize("lost_save", [False, True])
async def test_a_controller_killed_between_the_operators_answer_and_the_citizens_joins_both(lost_save: bool):
    async with house() as home:
        home.phone("7001", answers_after=1)
        home.phone(CARRIER, answers_after=8)
        await home.controller()
        await asked(home)
        await sits_down(home)
        await home.until(lambda: CARRIER in rung(home), "the citizen is rung")
        if lost_save:
            await home.kill()
            home.store.calls["c-1"] = next(
                one for one in reversed(home.store.versions) if one.offer and one.callback and not one.callback.attempts
            )
        await anew(home)
        await ends_well(home)
        assert rung(home) == ["7001", CARRIER]


async def test_a_citizen_who_answered_and_left_while_no_controller_ran_is_not_rung_at_once_again():
    async with house() as home:
        home.phone("7001", answers_after=1)
        home.phone(CARRIER, answers_after=8)
        await home.controller()
        await asked(home)
        await sits_down(home)
        await home.until(lambda: CARRIER in rung(home), "the citizen is rung")
        await home.kill()
        await asyncio.sleep(9)
        home.exchange.hang_up(citizen_leg("c-1", 1))
        await home.controller()
        await home.until(lambda: home.operator("sato") is OperatorState.READY, "sato is free")
        assert rung(home) == ["7001", CARRIER]
        await asyncio.sleep(8 * 60)
        await asyncio.sleep(8 * 60)
        assert rung(home) == ["7001", CARRIER, "7001", CARRIER]
        await home.at("c-1", Stage.TALK)
        await ends_well(home)


async def test_an_operator_who_left_while_no_controller_ran_leaves_no_citizen_listening_to_silence():
    async with house() as home:
        home.phone("7001", answers_after=1)
        home.phone(CARRIER, answers_after=8)
        await home.controller()
        await asked(home)
        await sits_down(home)
        await home.until(lambda: CARRIER in rung(home), "the citizen is rung")
        await home.kill()
        home.exchange.hang_up(home.exchange.rung[0][0])
        await asyncio.sleep(9)
        await home.controller()
        await home.until(lambda: not home.exchange.channels[citizen_leg("c-1", 1)].alive, "the citizen is let go")
        assert (await home.at("c-1", Stage.CALL_BACK)).callback is not None


async def test_a_controller_killed_in_the_talk_finds_the_citizen_by_the_new_line():
    async with house() as home:
        home.phone("7001", answers_after=1)
        home.phone(CARRIER, answers_after=1)
        await home.controller()
        await asked(home)
        await sits_down(home)
        await home.at("c-1", Stage.TALK)
        await anew(home)
        await ends_well(home)


async def test_a_called_back_citizen_is_handed_over_and_comes_back_when_that_fails():
    async with house() as home:
        home.phone("7001", answers_after=1)
        home.phone(CARRIER, answers_after=1)
        home.phone("2301@city-pbx", refuses="busy")
        await home.controller()
        await asked(home)
        await sits_down(home)
        await home.at("c-1", Stage.TALK)
        home.exchange.register("7001", here=False)  # who sent the caller can't be rung, so the caller waits
        await home.click(CommandKind.HAND_OVER, "sato", "c-1", extension="2301")
        await home.at("c-1", Stage.WAIT)
        home.exchange.register("7001", here=True)
        await asyncio.sleep(1)
        assert home.exchange.channels[citizen_leg("c-1", 1)].music
        await anew(home)
        assert home.store.calls["c-1"].stage is Stage.WAIT
        await home.click(CommandKind.FINISH_WRAP_UP, "sato", "c-1")
        await home.at("c-1", Stage.TALK)
        await ends_well(home)


async def test_a_called_back_citizen_who_waits_again_may_be_called_back_again():
    async with house() as home:
        home.phone("7001", answers_after=1)
        home.phone(CARRIER, answers_after=1)
        home.phone("2301@city-pbx", refuses="busy")
        await home.controller()
        await asked(home)
        await sits_down(home)
        await home.at("c-1", Stage.TALK)
        home.exchange.register("7001", here=False)  # who sent the caller can't be rung, so the caller waits
        await home.click(CommandKind.HAND_OVER, "sato", "c-1", extension="2301")
        await home.at("c-1", Stage.WAIT)
        home.exchange.register("7001", here=True)
        await asyncio.sleep(5)
        first = citizen_leg("c-1", 1)
        home.exchange.press(first, "1")
        await asyncio.sleep(0.1)
        home.exchange.press(first, "1")
        await home.at("c-1", Stage.CALL_BACK)
        await anew(home, away_seconds=0.5)
        await home.until(lambda: not home.exchange.channels[first].alive, "the first line is over")
        assert home.exchange.channels[first].heard[-1] == home.store.centre.announcements["callback-goodbye"]
        await home.click(CommandKind.FINISH_WRAP_UP, "sato", "c-1")
        await ends_well(home)
        assert rung(home).count(CARRIER) == 2


async def test_a_message_is_recorded_on_through_a_crash():
    async with house() as home:
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.WAIT)
        await asyncio.sleep(5)
        home.exchange.press("c-1", "7")
        await home.at("c-1", Stage.MESSAGE)
        await asyncio.sleep(5)
        (name,) = home.exchange.live_recordings
        await anew(home)
        assert home.exchange.live_recordings == {name}
        home.exchange.press("c-1", "#")
        call = await home.at("c-1", Stage.ENDED)
        assert (call.outcome, list(home.store.recordings)) == ("left_message", [name])
