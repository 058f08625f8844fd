"""A supervisor at a talk when the controller dies or loses its exchange: the next one goes on, nothing is left."""

from __future__ import annotations

import asyncio

import pytest

from kernel.call import Stage
from kernel.commands import CommandKind
from kernel.events import EventKind
from kernel.operator import OperatorState
from tests.support.house import house
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
    talking,
)

pytestmark = pytest.mark.looptime


@pytest.mark.parametrize("how", ["kill", "cable"])
@pytest.mark.parametrize("after", [0.3, 3.0])
@pytest.mark.parametrize("kind", [CommandKind.LISTEN, CommandKind.WHISPER, CommandKind.BARGE_IN, CommandKind.TAKE_OVER])
async def test_the_next_controller_goes_on_where_the_last_one_died(kind: CommandKind, after: float, how: str):
    async with house() as home:
        call = await talking(home)
        await order(home, kind)
        await home.until(lambda: len(home.exchange.rung) == 2, "the phone rings")
        await asyncio.sleep(after)
        if how == "kill":
            await home.kill()
            await asyncio.sleep(5)
            await home.controller()
        else:
            await home.pull_the_cable()
            await home.reconnect()
        match kind:
            case CommandKind.LISTEN:
                await reaches(home, APART, LISTENS)
            case CommandKind.WHISPER:
                await reaches(home, APART, WHISPERS)
            case CommandKind.BARGE_IN:
                await reaches(home, TALK, *both(call))
            case _:
                await reaches(home, TALK, CALL)
        assert len(home.exchange.rung) == 2, "nobody is rung anew"
        home.exchange.hang_up(CALL)
        await home.at(CALL, Stage.ENDED if kind is CommandKind.TAKE_OVER else Stage.WRAP_UP)
        nothing_is_left_but(home)


async def test_a_kill_just_after_the_take_over_was_saved_lets_the_operators_phone_go():
    async with house() as home:
        call = await talking(home)
        await order(home, CommandKind.TAKE_OVER)
        await home.until(lambda: bool(events(home, EventKind.CALL_TAKEN_OVER)), "the take-over")
        await home.kill()
        home.exchange.channels[call.operator_leg or ""].over = asyncio.get_running_loop().create_future()
        await home.controller()
        await reaches(home, TALK, CALL)
        await home.until(lambda: not home.exchange.channels[call.operator_leg or ""].alive, "the operator is let go")
        assert home.operator("sato") is OperatorState.WRAP_UP


async def test_a_take_over_that_was_done_and_not_stored_is_found_by_the_next_controller():
    async with house() as home:
        await talking(home)
        await order(home, CommandKind.TAKE_OVER)
        await home.until(lambda: bool(events(home, EventKind.CALL_TAKEN_OVER)), "the take-over")
        await reaches(home, TALK, CALL)
        await home.kill()
        before = [call for call in home.store.versions if call.monitor][-1]
        home.store.calls[CALL] = before
        await home.controller()
        await home.until(lambda: home.store.calls[CALL].operator == "kanri", "the take-over")
        assert in_bridge(home, TALK) == {CALL, leg(home)}
        assert home.operator("sato") is OperatorState.WRAP_UP


async def test_an_operator_who_leaves_while_a_supervisor_is_rung_to_take_over_ends_the_call():
    async with house() as home:
        call = await talking(home, supervisor_answers=None)
        await order(home, CommandKind.TAKE_OVER)
        await home.until(lambda: len(home.exchange.rung) == 2, "the phone rings")
        await home.kill()
        home.exchange.hang_up(call.operator_leg or "")
        await home.controller()
        await home.at(CALL, Stage.WRAP_UP)
        nothing_is_left_but(home)


async def test_a_supervisor_whose_phone_went_dead_meanwhile_is_not_rung_again():
    async with house() as home:
        await talking(home)
        await order(home, CommandKind.LISTEN)
        await reaches(home, APART, LISTENS)
        await home.kill()
        home.exchange.hang_up(leg(home))
        await home.controller()
        await ends(home)
        assert len(home.exchange.rung) == 2
