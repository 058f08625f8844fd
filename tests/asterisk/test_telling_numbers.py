"""A related body's number that the platform tells (T8), on a real Asterisk: heard twice, also across kill -9."""

from __future__ import annotations

from pathlib import Path

import pytest

from denwa.parts import utc_now
from denwa.world.hearing import RATE, Sound, find, read
from denwa.world.leg import OutsideLeg
from kernel.announcement import fill
from kernel.call import Outcome, Stage
from kernel.directory import Entry
from kernel.events import EventKind
from kernel.operator import OperatorState
from tests.support.platform import Platform
from tests.support.supervised import adopted
from tests.support.talk import talking

BODY = Entry("shakyo", "社会福祉協議会", reading="しゃかいふくしきょうぎかい", outside="0466-50-3525", tellable=True)


async def hears_it(platform: Platform, citizen: OutsideLeg, times: int) -> None:
    """The name before the number, ``times`` times, and then the goodbye."""
    texts = (await platform.centre()).announcements
    name = fill(texts["tell-number"], name=BODY.reading)
    before = read(Path(f"{await platform.prompts.media(name)}.wav"))
    await citizen.hears_announcement(await platform.wav("tell-goodbye"), "the goodbye", timeout=60)
    heard = occurrences(citizen.heard(), before)
    assert heard >= times, f"the number was told {heard} times"


def occurrences(sound: Sound, announcement: Sound) -> int:
    """How often it begins in ``sound``; ``find`` knows of the clearest one."""
    at = find(sound, announcement)
    if at is None:
        return 0
    begin, end = int(at * RATE), int((at + 1.5) * RATE)
    return 1 + occurrences(sound[:begin], announcement) + occurrences(sound[end:], announcement)


@pytest.mark.parametrize("killed", [False, True])
async def test_the_caller_hears_the_number_twice_and_the_operator_writes_it_up_meanwhile(platform: Platform, killed):
    await platform.ready_operators("sato")
    await platform.store.directory.save(BODY, by="ueda", now=utc_now(), expected_version=0)
    await platform.start()
    async with platform.at_desk() as desk:
        talk = await talking(platform)
        await desk.tell_number(talk.call.id, BODY.id)
        await talk.phone.is_over()
        await platform.at(talk.call.id, Stage.TELL)
        assert (await platform.operator("sato")).state is OperatorState.WRAP_UP
        if killed:
            await adopted(platform, talk.call.id)
        await hears_it(platform, talk.citizen, 2)
        await talk.citizen.is_over()
        call = await platform.at(talk.call.id, Stage.WRAP_UP)
        assert call.outcome is Outcome.ANSWERED
        assert len(await platform.store.events.of_call(call.id, {EventKind.NUMBER_TOLD})) == 1
