"""Every kind of transfer, every outcome at the target, everybody who can hang up when: what each hears afterwards.

Each line of the tables in tests/support/transfer_tables.py is played by the real stages in virtual time: as it stands;
with a kill -9 and a new controller just before; and, where the world does it, while no controller is there.
"""

from __future__ import annotations

import asyncio

import pytest

from kernel.call import Outcome, Stage
from kernel.commands import CommandKind
from kernel.operator import OperatorState
from kernel.transfer import Step
from tests.support.house import House, house
from tests.support.transfer_tables import ATTENDED, attended, blind, rows
from tests.support.transferring import (
    CALL,
    CITY_PHONE,
    HEARD,
    HOLD_LIMIT_SECONDS,
    at,
    city,
    consulting,
    hears,
    nothing_is_left,
    operator_leg,
    press,
    recorded,
    talking,
)

pytestmark = pytest.mark.looptime


def test_the_tables_are_large_and_speak_of_every_step_and_wish():
    assert len(attended()) + len(blind()) > 280
    told = {line[1] for line in rows(ATTENDED)}
    assert told >= {"swap", "three", "complete", "cancel_consult"}


async def bring(home: House, step: Step, phone: str) -> None:
    await talking(home, phone=phone)
    home.phone(CITY_PHONE)
    await consulting(home)
    await at(home, Step.RINGING)
    if step is not Step.RINGING:
        home.exchange.channels[city(home)].answered.set()
        await at(home, Step.TALKING)
    clicks = {Step.SWAPPED: CommandKind.SWAP, Step.THREE: CommandKind.THREE, Step.COMPLETED: CommandKind.COMPLETE}
    if click := clicks.get(step):
        await press(home, click)
        await at(home, step)


async def happens(home: House, what: str) -> None:
    match what.split():
        case ["caller", "hangs", "up"]:
            home.exchange.hang_up(CALL)
        case ["operator", "hangs", "up"]:
            home.exchange.hang_up(operator_leg(home))
        case ["department", "hangs", "up"]:
            home.exchange.hang_up(city(home))
        case ["department", "answers"]:
            home.exchange.channels[city(home)].answered.set()
        case ["department", why]:
            home.exchange.channels[city(home)].refused = why
            home.exchange.habits[CITY_PHONE].refuses = why
            home.exchange.hang_up(city(home))
        case ["page", "is", "lost"]:
            home.exchange.register("7001", here=False)
            home.exchange.fall_silent(operator_leg(home))
        case ["hold", "is", "too", "long"]:
            await asyncio.sleep(HOLD_LIMIT_SECONDS + 1)
        case _:
            await press(home, CommandKind(what))


async def with_death(home: House, what: str, death: str) -> None:
    if death == "nobody dies":
        return await happens(home, what)
    await home.kill()
    if death == "killed meanwhile":
        await happens(home, what)
    await home.controller()
    if death == "killed before":
        await home.until(lambda: "call_adopted" in home.store.kinds(CALL), "adopted")
        await asyncio.sleep(1)
        await happens(home, what)
    return None


@pytest.mark.parametrize("row", attended(), ids=" | ".join)
async def test_attended(row: tuple[str, ...]):
    step, what, caller, operator, department, rec, state, outcome, phone, death = row
    expected = tuple("" if one == "-" else one for one in (caller, operator, department))
    async with house() as home:
        await bring(home, Step(step), phone)
        assert hears(home) == HEARD[Step(step)]
        await with_death(home, what, death)
        await home.until(lambda: hears(home) == expected, f"{expected}; now {hears(home)}")
        await asyncio.sleep(2)
        assert hears(home) == expected
        assert ("yes" if recorded(home) else "no") == rec
        assert home.operator("sato") is OperatorState(state)
        assert home.store.calls[CALL].outcome is Outcome(outcome)
        assert home.store.kinds(CALL).count("call_queued") == 1, "no phantom call in the queue"
        await everybody_leaves(home)


async def everybody_leaves(home: House) -> None:
    for id, channel in list(home.exchange.channels.items()):
        if channel.alive and (id == CALL or "~city~" in id):
            home.exchange.hang_up(id)
    await home.until(lambda: home.store.calls[CALL].talk_ended is not None, "the talk is over")
    await asyncio.sleep(1)
    await press(home, CommandKind.FINISH_WRAP_UP)
    await home.at(CALL, Stage.ENDED)
    nothing_is_left(home)
    assert [home.store.kinds(CALL).count(kind) for kind in ("call_ended", "talk_ended", "call_failed")] == [1, 1, 0]


async def she(home: House, does: str) -> None:
    """What the operator does while the department rings for the caller whom she has sent there."""
    await home.until(lambda: home.operator("sato") is OperatorState.WRAP_UP, "she writes")
    if does == "she writes":
        return
    if does == "she has paused":
        await home.click(CommandKind.PAUSE, "sato", reason="休憩")
    await press(home, CommandKind.FINISH_WRAP_UP)
    if does == "her phone went":
        home.exchange.register("7001", here=False)
    if does == "she is at another":
        home.exchange.call("c-2", keys="1")
        await home.at("c-2", Stage.TALK)
    expected = {
        "she is ready": OperatorState.READY,
        "she has paused": OperatorState.PAUSED,
        "her phone went": OperatorState.PHONE_GONE,
        "she is at another": OperatorState.TALKING,
    }
    await home.until(lambda: home.operator("sato") is expected[does], does)


@pytest.mark.parametrize("row", blind(), ids=" | ".join)
async def test_blind(row: tuple[str, ...]):
    what, does, then, death = row
    async with house() as home:
        await talking(home)
        since = home.store.calls[CALL].waiting_since
        home.phone(CITY_PHONE)
        await press(home, CommandKind.HAND_OVER, "2301")
        await home.until(lambda: hears(home) == ("music", "", "ringing"), "the department rings")
        assert not home.exchange.live_recordings
        await she(home, does)
        home.phone("7001")
        await with_death(home, what, death)
        await ends(home, then)
        call = home.store.calls[CALL]
        assert call.waiting_since == since, "the time that was waited is kept"
        rung = [leg for leg, endpoint, _ in home.exchange.rung if endpoint == "7001" and leg.startswith(CALL)]
        assert len(rung) == (2 if then == "rings at her" else 1)


async def ends(home: House, then: str) -> None:
    match then:
        case "put through":
            await home.until(lambda: hears(home) == ("department", "", "caller"), then)
            assert home.store.calls[CALL].outcome is Outcome.HANDED_OVER
        case "rings at her":
            await home.until(lambda: home.operator("sato") is OperatorState.RINGING, then)
            call = home.store.calls[CALL]
            assert (call.stage, hears(home)[0]) == (Stage.WAIT, "music")
            assert call.offer is not None
            assert [one.event.data["why"] for one in home.store.stored if one.event.kind == "call_offered"][
                -1
            ] == "returned"
        case "waits":
            await home.at(CALL, Stage.WAIT)
            await asyncio.sleep(1)
            assert hears(home)[0] == "music"
            assert home.store.calls[CALL].assigned is None
        case _:
            await home.until(lambda: hears(home) == ("", "", ""), then)
            assert home.store.calls[CALL].ended is not None
