"""Callbacks on a real Asterisk: the number on the wire, audio both ways, kill -9 on the way, tries; leaving by key."""

from __future__ import annotations

from denwa.world.hearing import RATE, Sound, share_of_tone
from denwa.world.leg import OutsideLeg
from dialplan.names import citizen_leg
from kernel.call import Call, Outcome, Stage
from kernel.events import Event, EventKind
from kernel.operator import OperatorState
from tests.support.platform import Platform
from tests.support.talk import Talk, answered, waiting

CITIZEN = "09012345678"


async def asked(platform: Platform) -> Call:
    """A caller who asked to be called back, confirmed the number and heard the goodbye."""
    call, citizen = await waiting(platform)
    await citizen.hears_music()
    await citizen.presses("1")
    await citizen.hears_announcement(await platform.wav("callback-confirm"), "that the number is to be confirmed")
    await citizen.presses("1")
    await citizen.is_over()
    return await due(platform, call.id)


async def due(platform: Platform, call: str) -> Call:
    async def look() -> Call | None:
        found = await platform.store.calls.find(call)
        waits = found and found.stage is Stage.CALL_BACK and found.callback and found.callback.due
        return found if waits and not found.callback.ringing else None

    return await platform.until(look, "the callback waits")


async def answers_at_desk(platform: Platform) -> OutsideLeg:
    """The operator takes the call; the citizen's telephone rings next."""
    phone = await platform.world.rung("phone", "7001")
    await platform.world.answers(phone)
    return phone


async def both_talk(platform: Platform, call: Call, phone: OutsideLeg, citizen: OutsideLeg) -> Talk:
    await citizen.listen()
    return await answered(platform, call, citizen, phone)


def _beeps(sound: Sound) -> bool:
    """Whether there was a fifth of a second of the tone."""
    step = RATE // 5
    return any(share_of_tone(sound[at : at + step], 1400) > 0.8 for at in range(0, len(sound) - step, step // 4))


async def test_a_citizen_is_called_back_under_the_centres_number_and_both_hear_each_other(platform: Platform):
    await platform.start()
    call = await asked(platform)
    async with platform.at_desk() as desk:
        await desk.ready()
        phone = await answers_at_desk(platform)
        citizen = await platform.world.rung("carrier", CITIZEN)
        channel = await citizen.ari.channels.get(citizen.id)
        assert channel.caller_number == "0466251111"
        await platform.world.answers(citizen)
        talk = await both_talk(platform, call, phone, citizen)
        assert talk.call.waiting_since == call.waiting_since
        await phone.hang_up()
        await citizen.is_over()
    over = await platform.at(call.id, Stage.WRAP_UP)
    assert over.outcome is Outcome.ANSWERED
    (recording,) = await platform.store.recordings.of_call(call.id)
    assert recording.stopped is not None


async def test_kill_9_between_goodbye_and_ringing_forgets_nobody(platform: Platform):
    await platform.start()
    call = await asked(platform)
    platform.kill()
    await platform.ready_operators("sato")
    await platform.start()
    phone = await answers_at_desk(platform)
    citizen = await platform.world.rung("carrier", CITIZEN)
    await platform.world.answers(citizen)
    await both_talk(platform, call, phone, citizen)


async def test_kill_9_while_the_citizen_is_rung_and_again_in_the_talk(platform: Platform):
    await platform.start()
    call = await asked(platform)
    platform.kill()
    await platform.ready_operators("sato")
    await platform.start()
    phone = await answers_at_desk(platform)
    citizen = await platform.world.rung("carrier", CITIZEN)
    platform.kill()
    await platform.world.answers(citizen)
    await platform.start()
    talk = await both_talk(platform, call, phone, citizen)
    platform.kill()
    await platform.start()
    await talk.both_hear_each_other()
    await citizen.hang_up()
    await phone.is_over()
    assert (await platform.at(call.id, Stage.WRAP_UP)).outcome is Outcome.ANSWERED
    after = await platform.at(call.id, Stage.WRAP_UP)
    assert after.callback is not None
    assert after.callback.attempts == 1


async def test_a_busy_citizen_is_tried_again_later_and_the_operator_is_free(platform: Platform):
    await platform.start()
    call = await asked(platform)
    async with platform.at_desk() as desk:
        await desk.ready()
        phone = await answers_at_desk(platform)
        citizen = await platform.world.rung("carrier", CITIZEN)
        await citizen.ari.channels.hangup(citizen.id, reason="busy")
        await phone.is_over()

        async def look() -> Event | None:
            told = [e.event for e in await platform.store.events.of_call(call.id)]
            return next((one for one in told if one.kind is EventKind.CALLBACK_NOT_REACHED), None)

        failed = await platform.until(look, "that the citizen was not reached is stored")
        waits = await due(platform, call.id)
        assert waits.callback is not None
        assert waits.callback.due is not None
        assert (waits.callback.attempts, failed.data["attempt"]) == (1, 1)
        assert failed.data["reason"] == "busy"
        assert (waits.callback.due - failed.at).total_seconds() > 14 * 60
        assert (await platform.operator("sato")).state is OperatorState.READY
    async with platform.look_into_asterisk() as ari:
        assert [one.id for one in await ari.channels.list() if one.id == citizen_leg(call.id, 1)] == []


async def test_a_caller_leaves_the_queue_by_key_to_the_menu_and_to_leave_a_message_that_is_heard_and_then_gone(
    platform: Platform,
):
    await platform.start()
    call, citizen = await waiting(platform)
    await citizen.hears_music()
    await citizen.presses("9")
    await platform.at(call.id, Stage.MENU)
    await citizen.presses("1")
    await platform.at(call.id, Stage.WAIT)
    await citizen.hears_music()
    await citizen.presses("7")
    await platform.at(call.id, Stage.MESSAGE)
    await citizen.hears(_beeps, "the tone")
    await citizen.presses("#")
    await citizen.hears_announcement(await platform.wav("message-thanks"), "a thank you")
    over = await platform.at(call.id, Stage.ENDED)
    (recording,) = await platform.store.recordings.of_call(call.id)
    assert over.outcome is Outcome.LEFT_MESSAGE
    assert recording.stopped is not None
    file = platform.settings.recordings_dir / f"{recording.name}.wav"
    async with platform.at_desk() as desk:
        path = f"/messages/{call.id}"
        assert f"{path}/sound" in await desk.page("/messages")
        heard = await desk.file(f"{path}/sound")
        assert heard == file.read_bytes()
        assert len(heard) > 44
        assert 'name="subject"' in await desk.page(path)
        await desk.write_history(call.id, {"subject": "伝言", "outcome": "折り返し依頼"})

        async def gone() -> bool:
            return not file.exists()

        await platform.until(gone, "the recording is deleted")
        assert f"{path}/sound" not in await desk.page("/messages")
    assert {"message_heard", "history_saved"} <= set(await platform.kinds(call.id))
