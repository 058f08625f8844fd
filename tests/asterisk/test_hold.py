"""保留 and phones that go, on a real Asterisk: who hears what, and what is recorded."""

from __future__ import annotations

from denwa.world.hearing import RATE, level, share_of_tone
from kernel.call import Stage
from kernel.operator import OperatorState
from tests.support.platform import Platform
from tests.support.talk import CITIZEN_HERTZ, OPERATOR_HERTZ, Talk, answered, talking, waiting


async def hears_nothing(talk: Talk) -> None:
    """The operator's phone has two seconds without the citizen's voice."""
    heard = len(talk.phone.heard())
    await talk.phone.hears(lambda sound: len(sound) > heard + 3 * RATE, "three more seconds")
    assert level(talk.phone.heard(2.0)) < 0.001


async def hears_music_alone(talk: Talk) -> None:
    await talk.citizen.hears_music()
    heard = len(talk.citizen.heard())
    await talk.citizen.hears(lambda sound: len(sound) > heard + 2 * RATE, "two more seconds")
    assert share_of_tone(talk.citizen.heard(1.0), OPERATOR_HERTZ) < 0.2


async def test_on_hold_the_caller_hears_music_the_operator_silence_and_the_recording_neither(platform: Platform):
    await platform.ready_operators("sato")
    await platform.start()
    async with platform.at_desk() as desk:
        talk = await talking(platform)
        await desk.hold(talk.call.id)
        await hears_music_alone(talk)
        (file,) = platform.settings.recordings_dir.glob("*.wav")
        size = file.stat().st_size
        await hears_nothing(talk)
        assert file.stat().st_size == size, "the recording is paused"
        assert (await platform.operator("sato")).state is OperatorState.ON_HOLD
        await desk.resume(talk.call.id)
        await talk.both_hear_each_other()

        async def grows() -> bool:
            return file.stat().st_size > size + RATE

        await platform.until(grows, "the recording goes on")
        await talk.citizen.hang_up()
        await platform.at(talk.call.id, Stage.WRAP_UP)
        assert (await platform.kinds(talk.call.id)).count("recording_stopped") == 1


async def test_a_held_call_survives_a_kill_and_is_taken_back_with_the_next_controller(platform: Platform):
    await platform.ready_operators("sato")
    await platform.start()
    async with platform.at_desk() as desk:
        talk = await talking(platform)
        await desk.hold(talk.call.id)
        await hears_music_alone(talk)
    platform.kill()
    await hears_music_alone(talk)
    await platform.start()
    await hears_music_alone(talk)
    (file,) = platform.settings.recordings_dir.glob("*.wav")
    size = file.stat().st_size
    await hears_nothing(talk)
    assert file.stat().st_size == size, "the recording is paused still"
    call = await platform.store.calls.find(talk.call.id)
    assert call is not None
    assert call.held is not None
    async with platform.at_desk() as desk:
        await desk.resume(talk.call.id)
        await talk.both_hear_each_other()
        await talk.phone.hears_tone(CITIZEN_HERTZ)
        await desk.hold(talk.call.id)
        await hears_music_alone(talk)
        await talk.phone.hang_up()
        await talk.citizen.is_over()
        await platform.at(talk.call.id, Stage.WRAP_UP)


async def test_a_phone_that_is_not_registered_any_more_is_missed_at_once_and_no_call_is_offered(
    own_platform, own_world
):
    """Hard case 10."""
    platform: Platform = own_platform
    await platform.ready_operators("sato")
    await platform.start()
    async with platform.at_desk() as desk:
        await own_world.outside.cli("pjsip send unregister phone-7001")

        async def missed() -> bool:
            return "内線7001)が未登録" in (await desk.desk()).replace(" ", "")

        await platform.until(missed, "the desk says that the phone is missed")
        call, citizen = await waiting(platform)
        await citizen.hears_music()
        assert "call_offered" not in await platform.kinds(call.id)
        await own_world.outside.cli("pjsip send register phone-7001")
        phone = await platform.world.rung("phone", "7001")
        await answered(platform, call, citizen, phone)
