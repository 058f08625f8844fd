"""Calls through the whole platform, as their callers hear them."""

from __future__ import annotations

from denwa.world.hearing import find, is_music, read, share_of_tone
from kernel.call import Outcome, Stage
from kernel.operator import OperatorState
from tests.support.platform import Platform
from tests.support.talk import CITIZEN_HERTZ, OPERATOR_HERTZ, beside, in_the_menu, talking, waiting


async def test_a_citizen_hears_the_guidance_presses_a_key_waits_with_music_and_talks_with_an_operator(
    platform: Platform,
):
    await platform.start()
    call, citizen = await in_the_menu(platform)
    await citizen.hears_announcement(await platform.wav("welcome"), "the welcome")
    await citizen.hears_announcement(await platform.wav("menu-main"), "the menu")
    await citizen.presses("2")
    call = await platform.at(call.id, Stage.WAIT)
    assert call.queue == "exchange"
    await citizen.hears_music()
    async with platform.at_desk() as desk:
        await desk.ready()
        phone = await platform.world.rung("phone", "7001")
        await platform.world.answers(phone)
        call = await platform.at(call.id, Stage.TALK)
        await citizen.hang_up()
        await phone.is_over()
        await platform.at(call.id, Stage.WRAP_UP)
        await desk.write_history(call.id, {"subject": "住民票", "text": "案内した。", "outcome": "回答済み"})
        call = await platform.at(call.id, Stage.ENDED)
    assert call.outcome is Outcome.ANSWERED
    assert (await platform.operator("sato")).state is OperatorState.READY


async def test_a_caller_who_comes_after_the_last_has_left_the_waiting_room_hears_music_too(platform: Platform):
    await platform.ready_operators("sato")
    await platform.start()
    talk = await talking(platform)
    id, second = await beside(platform, talk.call.id)
    await second.presses("1")
    await platform.at(id, Stage.WAIT)
    await second.hears_music()


async def test_both_parties_hear_each_other_and_nobody_else(platform: Platform):
    await platform.ready_operators("sato", "suzuki")
    await platform.start()
    first = await talking(platform, "sato")
    second_citizen = await platform.world.rings("0466251111", "08011112222")
    await second_citizen.presses("1")
    second_phone = await platform.world.rung("phone", "7002")
    await platform.world.answers(second_phone)
    await second_phone.listen()
    await second_citizen.hears(lambda sound: len(sound) > 16000, "two seconds of anything")
    heard = second_citizen.heard(1.0)
    assert not is_music(heard)
    assert find(heard, read(await platform.wav("welcome"))) is None
    await first.both_hear_each_other()


async def test_a_key_interrupts_the_guidance(platform: Platform):
    await platform.start()
    call, citizen = await in_the_menu(platform)
    await citizen.presses("1")
    await platform.at(call.id, Stage.WAIT)
    await citizen.hears_music()
    assert find(citizen.heard(), read(await platform.wav("menu-main"))) is None


async def test_a_wrong_key_is_told_and_the_menu_asked_again(platform: Platform):
    await platform.start()
    call, citizen = await in_the_menu(platform)
    await citizen.presses("9")
    await citizen.hears_announcement(await platform.wav("wrong-key"), "that the key was wrong")
    await citizen.hears_announcement(await platform.wav("menu-main"), "the menu again")
    await citizen.presses("1")
    await platform.at(call.id, Stage.WAIT)


async def test_a_citizen_who_presses_nothing_comes_to_an_operator(platform: Platform):
    await platform.start()
    call, _ = await in_the_menu(platform)
    assert (await platform.at(call.id, Stage.WAIT)).queue == "enquiries"


async def test_a_phone_that_is_not_answered_rings_on_at_the_next_operator_and_the_place_stays(platform: Platform):
    await platform.ready_operators("sato", "suzuki")
    await platform.start()
    call, citizen = await in_the_menu(platform)
    await citizen.presses("1")
    first = await platform.world.rung("phone", "7001")
    since = (await platform.at(call.id, Stage.WAIT)).waiting_since
    await first.hang_up()
    second = await platform.world.rung("phone", "7002")
    await platform.world.answers(second)
    call = await platform.at(call.id, Stage.TALK)
    assert (call.operator, call.waiting_since) == ("suzuki", since)
    assert (await platform.operator("sato")).state is OperatorState.NOT_ANSWERING


async def test_an_operator_who_hangs_up_ends_the_call_and_wraps_up(platform: Platform):
    await platform.ready_operators("sato")
    await platform.start()
    talk = await talking(platform)
    await talk.phone.hang_up()
    await talk.citizen.is_over()
    await platform.at(talk.call.id, Stage.WRAP_UP)
    assert (await platform.operator("sato")).state is OperatorState.WRAP_UP


async def test_a_caller_who_hangs_up_while_the_phone_rings_stops_the_ringing_and_frees_the_operator(
    platform: Platform,
):
    await platform.ready_operators("sato")
    await platform.start()
    call, citizen = await in_the_menu(platform)
    await citizen.presses("1")
    phone = await platform.world.rung("phone", "7001")
    await platform.ringing(call.id)
    await citizen.hang_up()
    await phone.is_over()
    assert (await platform.at(call.id, Stage.ENDED)).outcome is Outcome.ABANDONED
    assert (await platform.operator("sato")).state is OperatorState.READY


async def test_a_caller_with_a_withheld_number_is_served_without_one(platform: Platform):
    await platform.start()
    call, citizen = await waiting(platform, number=None)
    assert call.caller is None
    await citizen.hears_music()


async def test_a_caller_id_with_letters_is_served_without_a_number(platform: Platform):
    await platform.start()
    call, citizen = await waiting(platform, number="gibberish")
    assert call.caller is None
    await citizen.hears_music()


async def test_the_recording_is_private_and_says_nothing_and_has_both_voices(platform: Platform):
    await platform.ready_operators("sato")
    await platform.start()
    talk = await talking(platform)
    folder = platform.settings.recordings_dir
    assert folder.stat().st_mode & 0o777 == 0o700
    (file,) = [one for one in folder.iterdir() if not one.name.startswith(".")]
    assert file.stat().st_mode & 0o777 == 0o600
    assert talk.call.id not in file.name
    await talk.citizen.hang_up()
    await platform.at(talk.call.id, Stage.WRAP_UP)
    sound = read(file)
    voices = {hertz: share_of_tone(sound[-8000:], hertz) for hertz in (CITIZEN_HERTZ, OPERATOR_HERTZ)}
    assert min(voices.values()) > 0.1, voices
