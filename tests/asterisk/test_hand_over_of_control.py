"""An upgrade without a lost call (Q7): the active controller is asked to stop, the standby goes on, back and forth."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kernel.call import Outcome, Stage
from kernel.operator import OperatorState
from tests.support.pair import Pair, pair
from tests.support.platform import Platform
from tests.support.talk import answered, beside, talking

HISTORY = {"subject": "粗大ごみ", "text": "案内した。", "outcome": "回答済み"}

ASKED = {Stage.MENU, Stage.WAIT}


@pytest.fixture
async def both(platform: Platform, tmp_path: Path) -> AsyncIterator[Pair]:
    await platform.ready_operators("sato")
    async with pair(platform, tmp_path) as running:
        yield running


async def status_is(platform: Platform, operator: str, state: OperatorState) -> None:
    async def look() -> bool:
        found = await platform.store.operators.find(operator)
        return found is not None and found.state is state

    await platform.until(look, f"{operator} is {state.value}")


@pytest.mark.timeout(400)
async def test_handing_over_back_and_forth_while_calls_arrive_wait_ring_talk_and_wrap_up_loses_nothing(
    platform: Platform, both: Pair
):
    talk = await talking(platform)
    first, waits = await beside(platform, talk.call.id)
    await waits.presses("1")
    place = await platform.at(first, Stage.WAIT)
    async with platform.at_desk("suzuki") as suzuki, platform.at_desk("sato") as sato:
        # a call arrives while one hands over to the other: nobody tells it that the centre is not there
        coming = asyncio.create_task(platform.world.rings("0466251111", "07000000001"))
        assert await both.hand_over() == 0
        arrived = await coming
        second = await the_other(platform, {talk.call.id, first})
        await arrived.presses("1")
        await platform.at(second, Stage.WAIT)
        await talk.both_hear_each_other()
        await both.stand_by()
        # an operator says to be ready in the very moment
        leaving = asyncio.create_task(both.hand_over())
        await suzuki.ready()
        assert await leaving == 0
        phone = await platform.world.rung("phone", "7002")
        ringing = await platform.ringing(first)
        assert ringing.waiting_since == place.waiting_since
        assert (ringing.offer and ringing.offer.operator) == "suzuki"
        await both.stand_by()
        # while a phone rings, and is answered a moment later
        assert await both.hand_over() == 0
        other = await answered(platform, ringing, waits, phone)
        assert other.call.offers == 1
        await talk.both_hear_each_other()
        await both.stand_by()
        # while an operator writes up a call
        await talk.citizen.hang_up()
        await status_is(platform, "sato", OperatorState.WRAP_UP)
        leaving = asyncio.create_task(both.hand_over())
        await sato.write_history(talk.call.id, HISTORY)
        assert await leaving == 0
        assert (await platform.at(talk.call.id, Stage.ENDED)).outcome is Outcome.ANSWERED
        await other.both_hear_each_other()
        phone = await platform.world.rung("phone", "7001")
        last = await answered(platform, await platform.ringing(second), arrived, phone)
        for one, desk in ((other, suzuki), (last, sato)):
            await one.citizen.hang_up()
            await platform.at(one.call.id, Stage.WRAP_UP)
            await desk.write_history(one.call.id, HISTORY)
            assert (await platform.at(one.call.id, Stage.ENDED)).outcome is Outcome.ANSWERED
    for call in (talk.call.id, first, second):
        kinds = await platform.kinds(call)
        assert [kinds.count(kind) for kind in ("call_arrived", "call_answered", "history_saved", "call_ended")] == [
            1
        ] * 4, kinds
        assert "offer_not_answered" not in kinds
    said = platform.said()
    assert '"level": "error"' not in said
    assert '"level": "critical"' not in said


async def the_other(platform: Platform, known: set[str]) -> str:
    """The call that has come in beside ``known``, once it is asked or, after some silence, waits."""

    async def look() -> str | None:
        live = await platform.store.calls.unfinished()
        return next((call.id for call in live if call.id not in known and call.stage in ASKED), None)

    return await platform.until(look, "the call that arrived is served")
