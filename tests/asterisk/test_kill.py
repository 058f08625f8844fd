"""kill -9 of the controller at each step of a call: audio goes on, the next one adopts the call, nothing is doubled."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime, timedelta

from denwa.world.hearing import RATE, level
from dialplan.ari.exchange import RUNG
from dialplan.names import operator_leg
from kernel.call import Outcome, Stage
from kernel.operator import OperatorState
from tests.support.platform import Platform
from tests.support.talk import answered, in_the_menu, talking, waiting


async def adopted(platform: Platform, call: str) -> None:
    """Start the next controller and wait until it has taken over the call."""
    await platform.start()

    async def look() -> bool:
        return "call_adopted" in await platform.kinds(call)

    await platform.until(look, "the call is adopted")


async def test_in_the_menu_the_caller_is_asked_again_and_comes_through(platform: Platform):
    await platform.start()
    call, citizen = await in_the_menu(platform)
    platform.kill()
    await adopted(platform, call.id)
    await citizen.presses("2")
    assert (await platform.at(call.id, Stage.WAIT)).queue == "exchange"
    assert (await platform.kinds(call.id)).count("call_arrived") == 1


async def test_while_waiting_the_music_goes_on_and_the_place_stays(platform: Platform):
    await platform.start()
    call, citizen = await waiting(platform)
    await citizen.hears_music()
    platform.kill()
    heard = len(citizen.heard())
    await citizen.hears(lambda sound: len(sound) > heard + 2 * RATE, "two more seconds")
    assert level(citizen.heard(1.0)) > 0.001
    await adopted(platform, call.id)
    after = await platform.at(call.id, Stage.WAIT)
    assert after.waiting_since == call.waiting_since
    async with platform.at_desk() as desk:
        await desk.ready()
        phone = await platform.world.rung("phone", "7001")
        await answered(platform, call, citizen, phone)


async def test_while_ringing_the_phone_rings_on_and_its_answer_counts(platform: Platform):
    await platform.ready_operators("sato")
    await platform.start()
    call, citizen = await in_the_menu(platform)
    await citizen.presses("1")
    phone = await platform.world.rung("phone", "7001")
    await platform.ringing(call.id)
    platform.kill()
    await adopted(platform, call.id)
    talk = await answered(platform, call, citizen, phone)
    assert (talk.call.operator, talk.call.offers) == ("sato", 1)


async def test_a_phone_that_was_rung_in_the_moment_of_the_kill_is_taken_over_and_rung_once(platform: Platform):
    """Nothing was stored of it, and nobody had come to listen to it."""
    await platform.start()
    call, citizen = await waiting(platform)
    os.kill(platform.pid, signal.SIGSTOP)
    leg = operator_leg(call.id, "sato", 1)
    await platform.asterisk.ari(
        "POST", "/channels", endpoint="PJSIP/7001", context=RUNG, extension="s", priority=1, channelId=leg
    )
    platform.kill()
    await platform.ready_operators("sato")
    await adopted(platform, call.id)
    phone = await platform.world.rung("phone", "7001")
    talk = await answered(platform, call, citizen, phone)
    assert (talk.call.operator, talk.call.offers, talk.call.waiting_since) == ("sato", 1, call.waiting_since)
    assert "offer_not_answered" not in await platform.kinds(call.id)


async def test_an_answer_while_no_controller_is_there_becomes_a_talk(platform: Platform):
    await platform.ready_operators("sato")
    await platform.start()
    call, citizen = await in_the_menu(platform)
    await citizen.presses("1")
    phone = await platform.world.rung("phone", "7001")
    await platform.ringing(call.id)
    platform.kill()
    await platform.world.answers(phone)
    await phone.end.up.wait()
    await adopted(platform, call.id)
    await answered(platform, call, citizen, phone)


async def test_in_a_talk_both_go_on_hearing_each_other_and_the_recording_goes_on(platform: Platform):
    await platform.ready_operators("sato")
    await platform.start()
    talk = await talking(platform)
    platform.kill()
    await talk.both_hear_each_other()
    await adopted(platform, talk.call.id)
    await talk.both_hear_each_other()
    (file,) = platform.settings.recordings_dir.glob("*.wav")
    size = file.stat().st_size

    async def grows() -> bool:
        return file.stat().st_size > size

    await platform.until(grows, "the recording goes on")
    await talk.citizen.hang_up()
    await talk.phone.is_over()
    call = await platform.at(talk.call.id, Stage.WRAP_UP)
    assert call.outcome is Outcome.ANSWERED
    kinds = await platform.kinds(call.id)
    assert [kinds.count(kind) for kind in ("call_answered", "talk_ended")] == [1, 1]


async def test_in_wrap_up_the_operator_finishes_with_the_next_controller_and_the_recording_goes(platform: Platform):
    await platform.ready_operators("sato")
    await platform.start()
    talk = await talking(platform)
    await talk.citizen.hang_up()
    await platform.at(talk.call.id, Stage.WRAP_UP)
    since = (await platform.operator("sato")).since
    platform.kill()
    await adopted(platform, talk.call.id)
    status = await platform.operator("sato")
    assert (status.state, status.since) == (OperatorState.WRAP_UP, since)
    async with platform.at_desk() as desk:
        await desk.write_history(talk.call.id, {"subject": "件名", "text": "本文", "outcome": "回答済み"})
        await platform.at(talk.call.id, Stage.ENDED)

    async def gone() -> bool:
        return not list(platform.settings.recordings_dir.glob("*.wav"))

    await platform.until(gone, "the recording is deleted")


async def test_a_caller_who_hangs_up_meanwhile_is_closed_once_with_the_time_of_hanging_up(platform: Platform):
    await platform.start()
    call, citizen = await waiting(platform)
    platform.kill()
    before = datetime.now(UTC).replace(microsecond=0)
    await citizen.hang_up()
    await citizen.is_over()
    async with platform.look_into_asterisk() as ari:

        async def noted() -> str:
            return await ari.asterisk.get_variable(f"HUNGUP_{call.id}")

        hung_up = datetime.fromtimestamp(int(await platform.until(noted, "Asterisk notes the hang-up")), UTC)
    await platform.start()
    over = await platform.at(call.id, Stage.ENDED)
    assert call.waiting_since is not None
    assert over.outcome is Outcome.ABANDONED
    assert over.ended == max(hung_up, call.waiting_since), "Asterisk notes whole seconds; a wait is never negative"
    assert before <= hung_up <= before + timedelta(minutes=1)
    assert (await platform.kinds(call.id)).count("call_ended") == 1


async def test_an_operator_who_hangs_up_meanwhile_ends_the_talk_when_the_next_controller_comes(platform: Platform):
    await platform.ready_operators("sato")
    await platform.start()
    talk = await talking(platform)
    platform.kill()
    await talk.phone.hang_up()
    await platform.start()
    await talk.citizen.is_over()
    await platform.at(talk.call.id, Stage.WRAP_UP)


async def test_a_graceful_stop_leaves_the_call_talking_and_the_next_start_takes_it_up(platform: Platform):
    await platform.ready_operators("sato")
    await platform.start()
    talk = await talking(platform)
    assert await platform.stop() == 0
    await talk.both_hear_each_other()
    await adopted(platform, talk.call.id)
    await talk.both_hear_each_other()
