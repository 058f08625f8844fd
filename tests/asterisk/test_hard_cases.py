"""What goes wrong between controller and Asterisk, on a real Asterisk: hard cases 1 to 7, and 24."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from dialplan.ari.errors import NotFound
from kernel.call import Stage
from kernel.events import EventKind
from tests.support.cable import cable
from tests.support.environment import free_port
from tests.support.platform import Platform
from tests.support.talk import CITIZEN_HERTZ, CITY_HERTZ, in_the_menu, says, talking, waiting


async def test_a_connection_that_closes_is_made_again_and_the_calls_go_on(platform: Platform):
    """Hard case 1."""
    await platform.ready_operators("sato")
    ari = platform.settings.ari
    async with cable(ari.host, ari.port) as line:
        await platform.start(ari__host="127.0.0.1", ari__port=str(line.port))
        talk = await talking(platform)
        await line.cut()
        await talk.both_hear_each_other()
        await line.plug_in()

        async def adopted() -> bool:
            return "call_adopted" in await platform.kinds(talk.call.id)

        await platform.until(adopted, "the call is adopted on the next connection")
        await talk.both_hear_each_other()
        await talk.citizen.hang_up()
        await platform.at(talk.call.id, Stage.WRAP_UP)
        assert "the connection to Asterisk is lost" in platform.said()
        platform.kill()


async def test_a_second_controller_says_who_drives_and_waits(platform: Platform):
    """Hard case 4."""
    await platform.start()
    call, citizen = await waiting(platform)
    second = platform.spawn("controller", metrics_port=str(free_port()))
    try:

        async def waits() -> bool:
            return "another holds the lease" in platform.said()

        await platform.until(waits, "the second controller says that it waits")
        await citizen.hears_music()
        assert "call_adopted" not in await platform.kinds(call.id)
        platform.kill()

        async def adopted() -> bool:
            return "call_adopted" in await platform.kinds(call.id)

        await platform.until(adopted, "the second controller takes over")
        assert second.poll() is None
    finally:
        second.kill()
        second.wait()


async def test_a_controller_that_stalls_is_loud_and_loses_nothing(platform: Platform):
    """Hard case 5. SIGSTOP is the worst stall: Asterisk cuts the reader off, and the calls are taken up again."""
    await platform.ready_operators("sato")
    await platform.start()
    talk = await talking(platform)
    pid = platform.pid
    os.kill(pid, signal.SIGSTOP)
    await talk.citizen.hang_up()
    await talk.citizen.is_over()
    others = [await platform.world.rings_unanswered("0466251111") for _ in range(3)]
    await asyncio.sleep(1.0)  # the stall itself
    os.kill(pid, signal.SIGCONT)
    await platform.at(talk.call.id, Stage.WRAP_UP)
    for other in others:
        await asyncio.wait_for(other.end.up.wait(), 60)
    assert "stall" in platform.said()


async def test_a_late_event_of_a_call_that_has_ended_does_not_open_it_again(platform: Platform):
    """Hard case 6. A user event cannot be forged, so the caller's end itself is the late event."""
    await platform.start()
    call, citizen = await in_the_menu(platform)
    await citizen.hang_up()
    over = await platform.at(call.id, Stage.ENDED)
    platform.store.journal.write(call)
    await platform.store.journal.flushed()
    assert await platform.store.calls.find(call.id) == over
    platform.kill()
    await platform.start()
    assert await platform.store.calls.find(call.id) == over
    assert (await platform.kinds(call.id)).count("call_ended") == 1


async def test_a_bridge_that_vanishes_before_the_join_is_made_again(platform: Platform):
    """Hard case 7: it is destroyed while the phone rings, and again in the talk's first moment."""
    await platform.ready_operators("sato")
    await platform.start()
    call, citizen = await in_the_menu(platform)
    await citizen.presses("1")
    phone = await platform.world.rung("phone", "7001")
    async with platform.look_into_asterisk() as ari:
        await ari.bridges.create_with_id(f"{call.id}~talk")
        await platform.ringing(call.id)
        await ari.bridges.destroy(f"{call.id}~talk")
    await platform.world.answers(phone)
    await phone.listen()
    await says(platform, citizen, CITIZEN_HERTZ)
    await phone.hears_tone(CITIZEN_HERTZ)


async def test_the_recording_stops_before_the_department_hears_anything(platform: Platform):
    """Hard case 24."""
    await platform.ready_operators("sato")
    await platform.start()
    async with platform.at_desk() as desk:
        talk = await talking(platform)
        await desk.hand_over(talk.call.id, "2301")
        city = await platform.world.rung("pbx", "2301")
        async with platform.look_into_asterisk() as ari:
            (recording,) = await platform.store.recordings.of_call(talk.call.id)
            with pytest.raises(NotFound):
                await ari.recordings.live(recording.name)
        (file,) = platform.settings.recordings_dir.glob("*.wav")
        size = file.stat().st_size
        await platform.world.answers(city)
        await city.listen()
        await says(platform, city, CITY_HERTZ)
        await city.hears_tone(CITIZEN_HERTZ)
        await talk.citizen.hears_tone(CITY_HERTZ)
        assert file.stat().st_size == size
        await talk.phone.is_over()
        await talk.citizen.hang_up()
        await city.is_over()
        kinds = await platform.kinds(talk.call.id)
        assert kinds.index(EventKind.RECORDING_STOPPED) < kinds.index(EventKind.HAND_OVER_STARTED)


async def test_a_department_that_is_busy_gives_the_caller_back_to_the_queue_with_music(platform: Platform):
    await platform.ready_operators("sato")
    await platform.start()
    async with platform.at_desk() as desk:
        talk = await talking(platform)
        await desk.pause("休憩")  # after this call, so that the caller does not come back to the same operator
        await desk.hand_over(talk.call.id, "2301")
        city = await platform.world.rung("pbx", "2301")
        await city.hang_up()
        back = await platform.at(talk.call.id, Stage.WAIT)
        assert back.waiting_since == talk.call.waiting_since
        await talk.citizen.hears_music()
        await desk.finish_wrap_up(talk.call.id)
        await desk.ready()
        phone = await platform.world.rung("phone", "7001")
        await platform.world.answers(phone)
        await platform.at(talk.call.id, Stage.TALK)
