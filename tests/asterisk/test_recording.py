"""How a talk is recorded: by a channel beside it, so that Asterisk has nothing to mix."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest

from denwa.world.hearing import RATE, Sound, read, share_of_tone
from dialplan.ari.client import Ari, connect
from dialplan.ari.errors import NotFound
from dialplan.ari.events import PlaybackFinished
from dialplan.ari.exchange import AriSwitch
from dialplan.switch import ChannelGone
from kernel.call import Stage
from tests.support.ari_acts import beep, echo, quietly, until
from tests.support.asterisk import Instance
from tests.support.platform import Platform
from tests.support.sound import loudest
from tests.support.talk import CITIZEN_HERTZ, OPERATOR_HERTZ, in_the_menu, says, talking

PATIENCE_SECONDS = 20.0


class NoPrompts:
    async def media(self, text: str, language: str = "ja") -> str:
        return text


@dataclass
class Recorded:
    """A caller, who hears what is played to them, as the exchange records them."""

    ari: Ari
    switch: AriSwitch
    folder: Path
    caller: str

    @property
    def recorder(self) -> str:
        return f"{self.caller}~record~1"

    async def begins(self) -> bool:
        return await self.switch.record(self.caller, self.recorder, f"take-of-{self.caller}")

    async def stops(self) -> Sound:
        """What was recorded, read in the moment that it is said to be complete."""
        await self.switch.stop_recording(self.recorder, f"take-of-{self.caller}")
        return read(self.folder / f"take-of-{self.caller}.wav")

    async def recorder_has_gone(self) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while self.recorder in {one.id for one in await self.ari.channels.list()}:
                continue


@pytest.fixture
async def recorded(centre: Instance) -> AsyncIterator[Recorded]:
    async with connect(centre.settings.ari, centre.ari_password) as ari:
        caller = await echo(ari, f"recorded-{uuid4().hex}")
        yield Recorded(ari, AriSwitch(ari, NoPrompts(), lambda: datetime.now(UTC)), centre.recordings, caller)
        for channel in await ari.channels.list():
            await quietly(ari.channels.hangup(channel.id))
        for bridge in await ari.bridges.list():
            await quietly(ari.bridges.destroy(bridge.id))


async def test_a_recording_begins_once_and_its_file_is_complete_when_it_has_stopped(recorded, tmp_path):
    assert await recorded.begins()
    assert not await recorded.begins(), "the next controller finds it running"
    with recorded.ari.listen("beep") as sounds:
        media = [f"sound:{beep(tmp_path, 'heard', 1.0)}"]
        await recorded.ari.channels.play(recorded.caller, media, playback_id="beep")
        await until(sounds, PlaybackFinished)
    assert loudest(await recorded.stops()) == pytest.approx(700, abs=10)
    await recorded.ari.channels.hangup(recorded.caller)
    await recorded.recorder_has_gone()
    assert len(await recorded.stops()), "the file stays"


async def test_a_recorder_whose_controller_died_before_it_recorded_is_taken_over(recorded):
    await recorded.ari.channels.snoop(recorded.caller, snoop_id=recorded.recorder, spy="both")
    assert await recorded.begins()
    await recorded.stops()


async def test_who_has_hung_up_is_not_recorded(recorded):
    await recorded.ari.channels.hangup(recorded.caller)
    with pytest.raises(ChannelGone):
        await recorded.begins()


async def test_a_recording_of_a_bridge_by_an_earlier_version_goes_on_and_can_be_stopped(recorded):
    """Versions are changed while citizens talk."""
    name = f"take-of-{recorded.caller}"
    await recorded.ari.bridges.create_with_id("earlier~talk")
    await recorded.ari.bridges.add_channel("earlier~talk", [recorded.caller])
    await recorded.ari.bridges.record("earlier~talk", name=name, if_exists="append")
    assert not await recorded.begins()
    assert (await recorded.ari.recordings.live(name)).target == "earlier~talk"
    await recorded.stops()
    with pytest.raises(NotFound):
        await recorded.ari.recordings.live(name)


def first(sound: Sound, hertz: float) -> int:
    """The first tenth of a second in which ``hertz`` is heard."""
    tenths = np.array_split(sound, len(sound) * 10 // RATE)
    return next(place for place, tenth in enumerate(tenths) if share_of_tone(tenth, hertz) > 0.1)


async def test_a_talk_is_recorded_without_being_mixed_each_voice_in_its_turn(platform: Platform):
    await platform.ready_operators("sato")
    await platform.start()
    call, citizen = await in_the_menu(platform)
    await citizen.presses("1")
    phone = await platform.world.rung("phone", "7001")
    await platform.world.answers(phone)
    await phone.listen()
    await stored(platform, call.id, "recording_started")
    async with platform.look_into_asterisk() as ari:
        bridge = await ari.bridges.get(f"{call.id}~talk")
        assert (bridge.technology, len(bridge.channels)) == ("simple_bridge", 2)
    await says(platform, citizen, CITIZEN_HERTZ)
    await phone.hears_tone(CITIZEN_HERTZ)
    await says(platform, phone, OPERATOR_HERTZ)
    await citizen.hears_tone(OPERATOR_HERTZ)
    await citizen.hang_up()
    await platform.at(call.id, Stage.WRAP_UP)
    (file,) = platform.settings.recordings_dir.glob("*.wav")
    assert first(read(file), CITIZEN_HERTZ) < first(read(file), OPERATOR_HERTZ)


async def stored(platform: Platform, call: str, kind: str) -> None:
    async def look() -> bool:
        return kind in await platform.kinds(call)

    await platform.until(look, f"{kind} is stored")


async def test_after_a_hold_both_voices_are_recorded_again_and_after_a_hand_over_nobody_listens(platform: Platform):
    await platform.ready_operators("sato")
    await platform.start()
    async with platform.at_desk() as desk:
        talk = await talking(platform)
        await desk.hold(talk.call.id)
        await talk.citizen.hears_music()
        await desk.resume(talk.call.id)
        await talk.both_hear_each_other()
        (file,) = platform.settings.recordings_dir.glob("*.wav")
        begin = len(read(file))

        async def both() -> bool:
            end = read(file)[begin:][-RATE:]
            return len(end) == RATE and min(share_of_tone(end, one) for one in (CITIZEN_HERTZ, OPERATOR_HERTZ)) > 0.1

        await platform.until(both, "both voices are recorded")
        await desk.hand_over(talk.call.id, "2301")
        await platform.world.rung("pbx", "2301")
        async with platform.look_into_asterisk() as ari:

            async def gone() -> bool:
                return f"{talk.call.id}~record~1" not in {channel.id for channel in await ari.channels.list()}

            await platform.until(gone, "nobody listens to the caller")
