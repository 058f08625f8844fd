"""What a controller finds in the exchange that fits no saved call."""

from __future__ import annotations

import asyncio

import pytest

from dialplan.arrival import Arrival
from dialplan.switch import SwitchFailed
from kernel.call import Stage
from kernel.commands import CommandKind
from kernel.operator import OperatorState
from tests.support.house import House, house

pytestmark = pytest.mark.looptime


async def ended_with_a_live_line(home: House) -> None:
    """The call is closed, but its line could not be hung up."""
    await home.controller()
    home.exchange.call("c-1", keys="1")
    await home.at("c-1", Stage.WAIT)
    home.exchange.breaks["hang_up"] = RuntimeError("no")
    home.exchange.breaks["line"] = RuntimeError("no")
    home.exchange.breaks["join"] = RuntimeError("no")
    home.phone("7001", answers_after=1)
    await home.click(CommandKind.LOG_IN, "sato")
    await home.click(CommandKind.READY, "sato")
    await home.at("c-1", Stage.ENDED)
    home.exchange.breaks.clear()
    assert home.exchange.channels["c-1"].alive


@pytest.mark.parametrize("crash", [False, True])
async def test_a_line_whose_call_has_ended_is_hung_up_and_not_served_as_a_second_call(crash: bool):
    async with house() as home:
        await ended_with_a_live_line(home)
        if crash:
            await home.kill()
            await home.controller()
        else:
            await home.pull_the_cable()
            await home.reconnect()
        assert not home.exchange.channels["c-1"].alive
        assert home.store.kinds("c-1").count("call_arrived") == 1


async def test_a_late_start_of_a_leg_is_no_caller():
    async with house() as home:
        await home.controller()
        leg = "c-0~operator~sato~1"
        home.exchange.coming.put_nowait(Arrival(leg, home.now(), "", None))
        await asyncio.sleep(1)
        assert leg not in home.store.calls


async def test_a_leg_that_cannot_be_hung_up_keeps_no_caller_from_being_served():
    async with house() as home:
        await home.exchange.ring("c-0~operator~sato~1", "7001", "", 600)
        home.exchange.breaks["hang_up"] = SwitchFailed("no")
        await home.controller()
        home.exchange.breaks.clear()
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.WAIT)


async def test_operators_stay_what_they_are_when_the_connection_breaks_in_the_middle_of_the_recovery():
    async with house() as home:
        home.ready("sato")
        home.phone("7001", answers_after=1)
        await home.controller()
        home.exchange.call("c-1")
        await home.at("c-1", Stage.MENU)
        await home.pull_the_cable()
        await home.connect_in_vain()
        home.exchange.keys["c-1"] = [(1.0, "1")]
        await home.reconnect()
        await home.at("c-1", Stage.TALK)
        assert home.operator("sato") is OperatorState.TALKING
