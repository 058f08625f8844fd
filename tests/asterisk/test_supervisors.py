"""A supervisor at a talk on a real Asterisk: who hears whom, judged by the tones; and kill -9 in the midst of it."""

from __future__ import annotations

import pytest

from crm.users import Role
from denwa.world.hearing import RATE, read, share_of_tone
from kernel.call import Outcome, Stage
from kernel.operator import OperatorState
from tests.support.platform import Platform
from tests.support.supervised import (
    PHONE,
    SUPERVISOR_HERTZ,
    Watched,
    adopted,
    hears_all,
    press,
    stored,
    watched,
)
from tests.support.talk import CITIZEN_HERTZ, OPERATOR_HERTZ, in_the_menu, says, talking


async def recorded(platform: Platform):
    """One second of the talk's recording that was said after this moment: Asterisk writes it in blocks, later."""
    (file,) = platform.settings.recordings_dir.glob("*.wav")
    begin = len(read(file))

    async def grown() -> bool:
        return len(read(file)) >= begin + 3 * RATE

    await platform.until(grown, "the recording goes on")
    return read(file)[begin + 2 * RATE : begin + 3 * RATE]


async def test_who_listens_hears_both_and_is_heard_by_neither_nor_recorded(platform: Platform):
    async with watched(platform, "listen") as supervisor:
        await supervisor.listening()
        assert share_of_tone(await recorded(platform), SUPERVISOR_HERTZ) < 0.001
        await supervisor.phone.hang_up()
        await supervisor.over()
        await supervisor.talk.both_hear_each_other()
        await stored(platform, supervisor.talk.call.id, "monitor_ended")
        assert (await platform.at(supervisor.talk.call.id, Stage.TALK)).monitor is None


async def test_the_supervisor_goes_from_listening_to_whispering_to_barging_in_and_back_unrung(platform: Platform):
    async with watched(platform, "listen") as supervisor:
        await supervisor.listening()
        await press(supervisor.wall, supervisor.talk, "whisper")
        await supervisor.whispering()
        assert share_of_tone(await recorded(platform), SUPERVISOR_HERTZ) < 0.001, "a whisper is not recorded"
        await press(supervisor.wall, supervisor.talk, "barge-in")
        await supervisor.barging_in()
        await press(supervisor.wall, supervisor.talk, "listen")
        await supervisor.listening()
        await press(supervisor.wall, supervisor.talk, "stop")
        await supervisor.phone.is_over()
        await supervisor.over()
        await supervisor.talk.both_hear_each_other()


async def test_a_take_over_leaves_the_citizen_with_the_supervisor_and_the_operator_in_wrap_up(platform: Platform):
    async with watched(platform, "whisper") as supervisor:
        await supervisor.whispering()
        await press(supervisor.wall, supervisor.talk, "take-over")
        await supervisor.taken_over()
        assert (await platform.operator("sato")).state is OperatorState.WRAP_UP
        (file,) = platform.settings.recordings_dir.glob("*.wav")

        async def recorded_too() -> bool:
            return share_of_tone(read(file)[-RATE:], SUPERVISOR_HERTZ) > 0.1

        await platform.until(recorded_too, "the talk goes on, and so does its recording")
        await supervisor.phone.hang_up()
        await supervisor.talk.citizen.is_over()
        over = await platform.at(supervisor.talk.call.id, Stage.ENDED)
        assert over.operator == "kanri"
        await supervisor.over()


@pytest.mark.parametrize("button", ["listen", "whisper", "barge-in"])
async def test_the_citizens_leaving_ends_what_the_supervisor_hears(platform: Platform, button: str):
    async with watched(platform, button) as supervisor:
        await hears_all(supervisor.phone, CITIZEN_HERTZ, OPERATOR_HERTZ)
        await supervisor.talk.citizen.hang_up()
        await supervisor.phone.is_over()
        await supervisor.talk.phone.is_over()
        await platform.at(supervisor.talk.call.id, Stage.WRAP_UP)
        await supervisor.over()


@pytest.mark.parametrize("button", ["listen", "whisper", "barge-in"])
async def test_kill_9_while_a_supervisor_is_there_is_noticed_by_nobody(platform: Platform, button: str):
    async with watched(platform, button) as supervisor:
        state = {"listen": supervisor.listening, "whisper": supervisor.whispering, "barge-in": supervisor.barging_in}
        await state[button]()
        await adopted(platform, supervisor.talk.call.id)
        await state[button]()
        await supervisor.phone.hang_up()
        await supervisor.over()
        await supervisor.talk.both_hear_each_other()


async def test_kill_9_in_a_take_over_ends_with_the_supervisor_in_the_call(platform: Platform):
    async with watched(platform, "listen") as supervisor:
        await supervisor.listening()
        await press(supervisor.wall, supervisor.talk, "take-over")
        await stored(platform, supervisor.talk.call.id, "monitor_changed")
        await adopted(platform, supervisor.talk.call.id)
        await supervisor.taken_over()
        await supervisor.phone.hang_up()
        await supervisor.talk.citizen.is_over()
        await platform.at(supervisor.talk.call.id, Stage.ENDED)
        await supervisor.over()


async def test_kill_9_while_the_supervisors_phone_rings_rings_on_and_its_answer_counts(platform: Platform):
    await platform.ready_operators("sato")
    await platform.start()
    talk = await talking(platform)
    async with platform.at_desk("kanri", Role.SUPERVISOR) as wall:
        await press(wall, talk, "listen")
        phone = await platform.world.rung("phone", PHONE)
        await stored(platform, talk.call.id, "monitor_started")
        await adopted(platform, talk.call.id)
        await platform.world.answers(phone)
        await phone.listen()
        await says(platform, phone, SUPERVISOR_HERTZ)
        await Watched(platform, talk, wall, phone).listening()


async def test_a_queue_closed_at_the_wall_turns_new_callers_away_also_after_a_restart(platform: Platform):
    await platform.start()
    async with platform.at_desk("kanri", Role.SUPERVISOR) as wall:
        await wall.post("/wall/queues/enquiries/close", {})
    for _ in range(2):
        call, citizen = await in_the_menu(platform)
        await citizen.presses("1")
        assert (await platform.at(call.id, Stage.ENDED)).outcome is Outcome.CLOSED
        platform.kill()
        await platform.start()


async def test_a_supervisors_pause_holds_on_a_real_exchange(platform: Platform):
    await platform.ready_operators("sato")
    await platform.start()
    async with platform.at_desk("kanri", Role.SUPERVISOR) as wall:
        await wall.post("/wall/operators/sato/pause", {"reason": "研修"})

        async def paused() -> bool:
            return (await platform.operator("sato")).state is OperatorState.PAUSED

        await platform.until(paused, "the pause")
        platform.kill()
        await platform.start()
        assert (await platform.operator("sato")).reason == "研修"
