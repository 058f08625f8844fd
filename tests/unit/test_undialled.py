"""kill -9 between the making of a leg and its dialling: the next controller rings it, and it costs nobody anything."""

from __future__ import annotations

import asyncio

import pytest

from dialplan.names import citizen_leg, city_leg, operator_leg
from kernel.call import Stage
from kernel.commands import CommandKind
from kernel.operator import OperatorState
from tests.support.house import House, house
from tests.unit.test_calling_back import CARRIER, asked, rung
from tests.unit.test_calling_back_through_crashes import anew, ends_well, sits_down

pytestmark = pytest.mark.looptime


async def dies_dialling(home: House, endpoint: str, leg: str) -> None:
    """The controller is killed when ``leg`` is made and ``endpoint`` not rung; the next one has no such fate."""
    home.exchange.undialled = {endpoint}
    await home.until(lambda: leg in home.exchange.channels, "the leg is made")
    assert home.exchange.channels[leg].alive
    home.exchange.undialled = set()
    assert endpoint not in rung(home)


@pytest.mark.parametrize("lost_save", [False, True])
async def test_the_operator_is_rung_for_the_caller_who_waited_longest_and_is_not_set_aside(lost_save: bool):
    async with house() as home:
        home.phone("7001", answers_after=1)
        await home.controller()
        for id in ("c-1", "c-2"):
            home.exchange.call(id, keys="1")
            await home.at(id, Stage.WAIT)
        home.exchange.undialled = {"7001"}
        await sits_down(home)
        await dies_dialling(home, "7001", operator_leg("c-1", "sato", 1))
        if lost_save:
            await home.kill()
            saved = (one for one in reversed(home.store.versions) if one.id == "c-1")
            home.store.calls["c-1"] = next(one for one in saved if one.offer is None)
        await anew(home)
        call = await home.at("c-1", Stage.TALK)
        assert (call.operator, call.offers, home.operator("sato")) == ("sato", 1, OperatorState.TALKING)
        assert rung(home) == ["7001"]
        assert "offer_not_answered" not in home.store.kinds("c-1")
        assert home.store.calls["c-2"].stage is Stage.WAIT


async def test_a_caller_who_left_meanwhile_rings_nobody_and_the_operator_is_free():
    async with house() as home:
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.WAIT)
        home.exchange.undialled = {"7001"}
        await sits_down(home)
        await dies_dialling(home, "7001", operator_leg("c-1", "sato", 1))
        await home.kill()
        home.exchange.hang_up("c-1")
        await home.controller()
        await home.at("c-1", Stage.ENDED)
        await home.until(lambda: home.operator("sato") is OperatorState.READY, "sato is free")
        assert rung(home) == []
        assert not any(channel.alive for channel in home.exchange.channels.values())


async def test_the_operator_of_a_callback_is_rung_and_then_its_citizen():
    async with house() as home:
        home.phone("7001", answers_after=1)
        home.phone(CARRIER, answers_after=1)
        await home.controller()
        await asked(home)
        home.exchange.undialled = {"7001"}
        await sits_down(home)
        await dies_dialling(home, "7001", operator_leg("c-1", "sato", 1))
        await anew(home)
        await ends_well(home)
        assert rung(home) == ["7001", CARRIER]


async def test_the_citizen_of_a_callback_is_rung_and_no_try_is_lost():
    async with house() as home:
        home.phone("7001", answers_after=1)
        home.phone(CARRIER, answers_after=1)
        await home.controller()
        await asked(home)
        home.exchange.undialled = {CARRIER}
        await sits_down(home)
        await dies_dialling(home, CARRIER, citizen_leg("c-1", 1))
        await anew(home)
        await ends_well(home)
        assert rung(home) == ["7001", CARRIER]


async def test_the_department_is_rung_for_the_caller_who_is_put_through():
    async with house() as home:
        home.ready("sato")
        home.phone("7001", answers_after=1)
        home.phone("2301@city-pbx", answers_after=1)
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.TALK)
        home.exchange.undialled = {"2301@city-pbx"}
        await home.click(CommandKind.HAND_OVER, "sato", "c-1", extension="2301")
        await dies_dialling(home, "2301@city-pbx", city_leg("c-1", "2301"))
        await anew(home)
        await home.until(lambda: "hand_over_answered" in home.store.kinds("c-1"), "put through")
        await asyncio.sleep(60)
        assert "hand_over_failed" not in home.store.kinds("c-1")
