"""A call that a supervisor has taken over: put back, handed over, hung up; in virtual time."""

from __future__ import annotations

import pytest

from kernel.call import Outcome, Stage
from kernel.commands import CommandKind
from kernel.events import EventKind
from kernel.operator import OperatorState
from tests.support.house import House, house
from tests.support.monitored import CALL, TALK, events, leg, nothing_is_left_but, order, reaches, refused, talking

pytestmark = pytest.mark.looptime


async def taken_over(home: House) -> None:
    await talking(home)
    await order(home, CommandKind.TAKE_OVER)
    await reaches(home, TALK, CALL)


async def test_a_caller_who_is_put_back_waits_with_music_and_has_waited_as_long():
    async with house() as home:
        await taken_over(home)
        taken = home.store.calls[CALL]
        await home.click(CommandKind.PUT_BACK, "kanri", CALL, queue="exchange")
        back = await home.at(CALL, Stage.WAIT)
        assert (back.queue, back.waiting_since, back.operator) == ("exchange", taken.waiting_since, None)
        (put,) = events(home, EventKind.CALL_PUT_BACK)
        assert (put.call, put.operator, put.data) == (CALL, "kanri", {"by": "kanri", "to": "exchange"})
        await home.at(CALL, Stage.TALK)
        assert home.store.calls[CALL].operator == "suzuki"
        await home.until(lambda: not home.exchange.channels[leg(home)].alive, "the supervisor's phone is let go")
        assert home.store.kinds(CALL).count("recording_stopped") == 1


async def test_a_supervisor_hands_over_to_the_city_and_is_free_at_once():
    async with house() as home:
        home.phone("2301@city-pbx", answers_after=1)
        await taken_over(home)
        await home.click(CommandKind.HAND_OVER, "kanri", CALL, extension="2301")
        await home.until(lambda: home.store.calls[CALL].outcome is Outcome.HANDED_OVER, "the department")
        assert not home.exchange.channels[leg(home)].alive
        home.exchange.call("c-2", keys="1")
        await home.at("c-2", Stage.TALK)
        await order(home, CommandKind.LISTEN, call="c-2")
        await home.until(lambda: home.store.calls["c-2"].monitor is not None, "the supervisor at the other talk")


async def test_a_supervisor_hangs_up_and_nothing_is_left():
    async with house() as home:
        await taken_over(home)
        await home.click(CommandKind.HANG_UP, "kanri", CALL)
        over = await home.at(CALL, Stage.ENDED)
        assert (over.operator, over.outcome) == ("kanri", Outcome.ANSWERED)
        nothing_is_left_but(home)


@pytest.mark.parametrize("kind", [CommandKind.HOLD, CommandKind.RESUME])
async def test_a_supervisor_who_has_no_state_can_not_hold(kind):
    async with house() as home:
        await taken_over(home)
        await home.click(kind, "kanri", CALL)
        assert await refused(home) == "wrong_state"


async def test_only_who_leads_the_talk_may_end_it_and_only_a_supervisor_may_put_it_back():
    async with house() as home:
        await talking(home)
        await home.click(CommandKind.PUT_BACK, "sato", CALL, queue="enquiries")
        assert await refused(home) == "wrong_state"
        await order(home, CommandKind.TAKE_OVER)
        await reaches(home, TALK, CALL)
        for by in ("sato", "mori"):
            before = len(events(home, EventKind.COMMAND_REFUSED))
            await home.click(CommandKind.PUT_BACK, by, CALL, queue="enquiries")
            await home.until(lambda n=before: len(events(home, EventKind.COMMAND_REFUSED)) > n, "a refusal")
            assert await refused(home) == "not_your_call"
        await home.click(CommandKind.HANG_UP, "kanri", CALL, by="mori")
        await home.until(lambda: len(events(home, EventKind.COMMAND_REFUSED)) == 4, "a refusal")
        assert await refused(home) == "not_your_call"
        await home.click(CommandKind.PUT_BACK, "kanri", CALL, queue="nowhere")
        await home.until(lambda: len(events(home, EventKind.COMMAND_REFUSED)) == 5, "a refusal")
        assert await refused(home) == "unknown_queue"
        assert home.store.calls[CALL].stage is Stage.TALK


async def test_a_caller_who_hangs_up_as_the_supervisor_puts_back_leaves_no_dead_call():
    async with house() as home:
        await taken_over(home)
        home.exchange.hang_up(CALL)
        await home.click(CommandKind.PUT_BACK, "kanri", CALL, queue="enquiries")
        await home.at(CALL, Stage.ENDED)
        assert home.operator("sato") is OperatorState.WRAP_UP
        nothing_is_left_but(home)
