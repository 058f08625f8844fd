"""A talk between a synthetic citizen and operator is drafted from its recording, across a crash, and goes with it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest

from bench.drafts.talk import CITIZEN, LINES, OPERATOR, Talk, talk
from denwa.world.leg import OutsideLeg
from kernel.call import Call, Stage
from kernel.events import EventKind
from kernel.talk_draft import DraftState, KeptDraft, Side
from tests.support.platform import LOOK_SECONDS, Platform
from tests.support.sound import RATE, tone, write
from tests.support.talk import EXTENSIONS, in_the_menu

END_HERTZ = 1700.0
"""What the citizen's line says last: who hears it has heard all."""

DRAFT_SECONDS = 200.0
HISTORY = {"subject": "粗大ごみ", "text": "案内した。", "outcome": "回答済み"}


@pytest.mark.timeout(420)
async def test_a_talk_is_drafted_though_the_platform_is_killed_and_goes_when_its_history_is_saved(platform: Platform):
    await platform.ready_operators("sato")
    await platform.start(speech__drafts="true", speech__engine="whisper")
    call = await talked(platform)
    await drafted(platform, call, DraftState.WAITING)
    platform.kill()
    await platform.start(speech__drafts="true", speech__engine="whisper")
    kept = await drafted(platform, call, DraftState.READY)
    assert kept.draft
    assert {one.side for one in kept.draft.spoken} == {Side.OPERATOR, Side.CITIZEN}
    assert kept.draft.spoken[0].side is Side.OPERATOR
    (file,) = platform.settings.recordings_dir.glob("*.wav")
    async with platform.at_desk() as desk:
        assert "自動文字起こしの下書き" in await desk.page(f"/calls/{call.id}/talk-draft")
        await desk.write_history(call.id, HISTORY)
    await platform.until(lambda: gone(platform, call, file), "recording and draft are deleted")
    texts = [one.text for one in kept.draft.spoken if len(one.text) > 5]
    assert texts
    events = [stored.event for stored in await platform.store.events.of_call(call.id)]
    assert {event.data["state"] for event in events if event.kind is EventKind.TALK_DRAFTED} == {"waiting", "ready"}
    assert not any(text in platform.said() or text in repr(events) for text in texts), "no word of it in log or event"


async def talked(platform: Platform) -> Call:
    """Both have said what they say, each on the own line, and have hung up."""
    call, citizen = await in_the_menu(platform)
    await citizen.presses("1")
    phone = await platform.world.rung("phone", EXTENSIONS["sato"])
    await platform.world.answers(phone)
    await phone.listen()
    await platform.at(call.id, Stage.TALK)
    await recording(platform)
    whole, folder = talk(LINES[:5]), platform.settings.var_dir
    end = tone(END_HERTZ, 2)
    await asyncio.gather(
        says(phone, folder / "operator.wav", side(whole, OPERATOR)),
        says(citizen, folder / "citizen.wav", np.concatenate([side(whole, CITIZEN), end])),
    )
    await phone.hears_tone(END_HERTZ, timeout=whole.seconds + 60)
    await citizen.hang_up()
    return await platform.at(call.id, Stage.WRAP_UP)


async def recording(platform: Platform) -> None:
    async def runs() -> bool:
        return bool(list(platform.settings.recordings_dir.glob("*.wav")))

    await platform.until(runs, "the talk is recorded")


def side(whole: Talk, who: Side) -> np.ndarray:
    """What ``who`` says, in silence."""
    own = np.zeros_like(whole.sound)
    for _, at, ended in (one for one in whole.spoken if one[0] is who):
        own[int(at * RATE) : int(ended * RATE)] = whole.sound[int(at * RATE) : int(ended * RATE)]
    return own


async def says(leg: OutsideLeg, file: Path, sound: np.ndarray) -> None:
    write(file, sound)
    await leg.says(file.with_suffix(""), times=1)


async def drafted(platform: Platform, call: Call, state: DraftState) -> KeptDraft:
    """What is kept, once it is ``state``; at the lowest priority that may take long on a busy machine."""
    async with asyncio.timeout(DRAFT_SECONDS):
        while True:
            kept = await platform.store.talk_drafts.of_call(call.id)
            if kept and kept.state is state:
                return kept
            await asyncio.sleep(LOOK_SECONDS)


async def gone(platform: Platform, call: Call, file: Path) -> bool:
    there = await asyncio.to_thread(file.exists)
    return not there and await platform.store.talk_drafts.of_call(call.id) is None
