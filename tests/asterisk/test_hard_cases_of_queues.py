"""What goes wrong between callers and operators, on a real Asterisk: hard cases 8, 10, 12 and 14."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import pytest

from bench.sip.agent import Agent
from bench.sip.telephones import citizen as raw_citizen
from crm.users import Role
from dialplan.ari.errors import Conflict, NotFound
from kernel.call import Outcome, Stage
from kernel.operator import OperatorState
from tests.support.asterisk import World, make_world
from tests.support.installation import make_platform
from tests.support.platform import Platform
from tests.support.talk import OPERATOR_HERTZ, answered, in_the_menu, says, talking, waiting


async def test_a_pause_stays_with_its_reason_when_controller_console_and_asterisk_are_restarted(
    own_platform: Platform, own_world: World
):
    """Hard case 8."""
    platform = own_platform
    await platform.ready_operators("sato")
    await platform.start()
    async with platform.at_desk() as desk:
        await desk.pause("研修")
        await is_in(platform, "sato", OperatorState.PAUSED)
    before = await platform.operator("sato")
    platform.kill()
    await platform.start()
    await own_world.centre.restart()
    await platform.says("not connected to Asterisk")
    await platform.ready()
    await own_world.outside.cli("pjsip send register *all")
    await own_world.phones_registered()
    call, citizen = await waiting(platform)
    await citizen.hears_music()
    assert await platform.operator("sato") == before
    assert "call_offered" not in await platform.kinds(call.id)
    async with platform.at_desk() as desk:
        assert "研修" in await desk.desk()
        await desk.ready()
        await answered(platform, call, citizen, await platform.world.rung("phone", "7001"))


async def test_an_operator_whose_phone_is_not_registered_is_offered_nothing_and_desk_and_wall_say_why(
    own_platform: Platform, own_world: World
):
    """Hard case 10. When the phone is back, so are the calls."""
    platform = own_platform
    await platform.ready_operators("sato")
    await platform.start()
    async with platform.at_desk() as desk, platform.at_desk("mori", Role.SUPERVISOR) as supervisor:
        await own_world.outside.cli("pjsip send unregister phone-7001")

        async def both_say_why() -> bool:
            return "電話機未登録" in await desk.desk() and "電話機未登録" in row(await supervisor.page("/wall"))

        await platform.until(both_say_why, "desk and wall say that the phone is gone")
        call, citizen = await waiting(platform)
        await citizen.hears_music()
        assert "call_offered" not in await platform.kinds(call.id)
        await own_world.outside.cli("pjsip send register phone-7001")
        await answered(platform, call, citizen, await platform.world.rung("phone", "7001"))
        assert "電話機未登録" not in row(await supervisor.page("/wall"))


def row(wall: str) -> str:
    """Sato's, on the page of the wallboard."""
    return wall.split('id="operator-sato"')[1].split("</li>", maxsplit=1)[0]


async def test_callers_who_hang_up_in_the_moment_of_the_answer_leave_no_dead_call(platform: Platform):
    """Hard case 12: from a little before the answer to a little after; each time the operator is free again."""
    await platform.ready_operators("sato")
    await platform.start()
    async with platform.at_desk() as desk:
        for lead in (-0.06, -0.03, -0.01, 0.0, 0.005, 0.01, 0.02, 0.04, 0.08):
            call, citizen = await in_the_menu(platform)
            await citizen.presses("1")
            phone = await platform.world.rung("phone", "7001")
            await asyncio.gather(after(-lead, answer(platform, phone)), after(lead, citizen.hang_up()))
            await phone.is_over()
            await citizen.is_over()
            if await stage_after(platform, call.id) is Stage.WRAP_UP:
                await desk.finish_wrap_up(call.id)
            over = await platform.at(call.id, Stage.ENDED)
            talked = "call_answered" in await platform.kinds(call.id)
            assert over.outcome is (Outcome.ANSWERED if talked else Outcome.ABANDONED)
            await is_in(platform, "sato", OperatorState.READY)
    async with platform.look_into_asterisk() as ari:
        assert not [bridge.id for bridge in await ari.bridges.list() if "~talk" in bridge.id]
    await talking(platform)


async def test_a_talk_whose_caller_fell_silent_without_a_bye_ends_and_its_history_is_owed(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
):
    """Hard case 14: the caller's telephone loses its network; no packet comes, and no BYE."""
    both = make_world(tmp_path_factory.mktemp("silent"), sip={"rtp_timeout_seconds": 2})
    await both.start()
    try:
        await both.phones_registered()
        async with make_platform(both, tmp_path) as platform:
            await a_caller_falls_silent(platform)
    finally:
        await both.stop()


async def a_caller_falls_silent(platform: Platform) -> None:
    await platform.ready_operators("sato")
    await platform.start()
    sip = platform.settings.sip
    carrier = Agent(str(sip.carrier.host), 0, (str(sip.bind), sip.port))
    async with raw_citizen(carrier, "09012345678", "0466251111") as caller, platform.at_desk() as desk:
        caller.rings()
        await caller.is_taken()
        call = await platform.the_call()
        await platform.at(call.id, Stage.MENU)
        await caller.audio.press("1")
        phone = await platform.world.rung("phone", "7001")
        await platform.world.answers(phone)
        await says(platform, phone, OPERATOR_HERTZ)
        await platform.at(call.id, Stage.TALK)
        caller.audio.fall_silent()
        carrier.forget(caller.dialog)
        await phone.is_over()
        over = await platform.at(call.id, Stage.WRAP_UP)
        assert over.ended is not None
        await is_in(platform, "sato", OperatorState.WRAP_UP)
        assert "履歴を保存する" in await desk.desk()
        await desk.write_history(call.id, {"subject": "件名", "text": "途中で切れた", "outcome": "その他"})
        assert (await platform.at(call.id, Stage.ENDED)).outcome is Outcome.ANSWERED
    carrier.close()


async def is_in(platform: Platform, operator: str, *states: OperatorState) -> None:
    async def look() -> bool:
        return (await platform.operator(operator)).state in states

    await platform.until(look, f"{operator} is {' or '.join(states)}")


async def stage_after(platform: Platform, call: str) -> Stage:
    """Where the call is, once both have hung up and it is stored."""

    async def look() -> Stage | None:
        found = await platform.store.calls.find(call)
        return found.stage if found and found.stage in {Stage.WRAP_UP, Stage.ENDED} else None

    return await platform.until(look, f"call {call} is over")


async def answer(platform: Platform, phone) -> None:
    with contextlib.suppress(NotFound, Conflict):  # it was hung up before
        await platform.world.answers(phone)


async def after(seconds: float, deed) -> None:
    await asyncio.sleep(max(0.0, seconds))
    await deed
