"""Asterisk is killed, or restarted, under calls at every stage: each ends once, and the next ones are served."""

from __future__ import annotations

import pytest

from kernel.call import Call, Outcome, Stage
from kernel.operator import OperatorState
from tests.support.asterisk import Instance, World
from tests.support.platform import Platform
from tests.support.talk import EXTENSIONS, answered, beside, in_the_menu, talking


async def restart(asterisk: Instance, how: str) -> None:
    if how == "killed":
        await asterisk.kill()
    else:
        await asterisk.cli("core stop now")
        await asterisk.stop()
    await asterisk.start()


@pytest.mark.parametrize("how", ["killed", "stopped"])
async def test_calls_at_every_stage_end_once_histories_stay_owed_and_new_calls_are_served(
    own_platform: Platform, own_world: World, how: str
):
    platform = own_platform
    await platform.ready_operators("sato", "suzuki", "takahashi")
    await platform.start()
    talk = (await talking(platform, "sato")).call.id
    writes = await written_up(platform, talk)
    rings, citizen = await beside(platform, talk)
    await citizen.presses("1")
    await platform.ringing(rings)
    await platform.world.rung("phone", EXTENSIONS["takahashi"])
    waits, citizen = await beside(platform, talk)
    await citizen.presses("1")
    await platform.at(waits, Stage.WAIT)
    chooses, _ = await beside(platform, talk)
    await restart(own_world.centre, how)
    await platform.says("not connected to Asterisk")
    await platform.ready()
    await own_world.outside.cli("pjsip send register *all")
    await own_world.phones_registered()
    for call, outcome in ((rings, Outcome.ABANDONED), (waits, Outcome.ABANDONED), (chooses, Outcome.LEFT_MENU)):
        await ended(platform, call, outcome)
    async with platform.at_desk("sato") as sato, platform.at_desk("suzuki") as suzuki:
        for desk, call in ((sato, talk), (suzuki, writes)):
            await platform.at(call, Stage.WRAP_UP)
            assert "履歴を保存する" in await desk.desk()
            await desk.write_history(call, {"subject": "件名", "text": "本文", "outcome": "その他"})
            over = await ended(platform, call, Outcome.ANSWERED)
            assert over.talk_ended is not None
    for operator in EXTENSIONS:
        await is_ready(platform, operator)
    await the_next_call_is_served(platform)


async def written_up(platform: Platform, other: str) -> str:
    """A second call, which suzuki has answered and writes up."""
    call, citizen = await beside(platform, other)
    await citizen.presses("1")
    await platform.world.answers(await platform.world.rung("phone", EXTENSIONS["suzuki"]))
    await platform.at(call, Stage.TALK)
    await citizen.hang_up()
    await platform.at(call, Stage.WRAP_UP)
    return call


async def ended(platform: Platform, call: str, outcome: Outcome) -> Call:
    over = await platform.at(call, Stage.ENDED)
    assert over.outcome is outcome
    assert over.ended is not None
    kinds = await platform.kinds(call)
    assert [kinds.count(kind) for kind in ("call_arrived", "call_ended", "call_failed")] == [1, 1, 0]
    return over


async def is_ready(platform: Platform, operator: str) -> None:
    async def look() -> bool:
        return (await platform.operator(operator)).state is OperatorState.READY

    await platform.until(look, f"{operator} is ready again")


async def the_next_call_is_served(platform: Platform) -> None:
    call, citizen = await in_the_menu(platform)
    await citizen.presses("1")
    offer = (await platform.ringing(call.id)).offer
    assert offer is not None
    phone = await platform.world.rung("phone", EXTENSIONS[offer.operator])
    await answered(platform, call, citizen, phone)
