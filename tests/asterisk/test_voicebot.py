"""A citizen speaks, recognised on this machine, and the right phone rings. The citizen's voice is synthetic."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from denwa.world.leg import OutsideLeg
from dialplan.ari.client import Ari
from kernel.call import Call, Outcome, Stage
from tests.support.asterisk import World
from tests.support.citizen_voice import speak
from tests.support.installation import make_platform
from tests.support.platform import Platform
from tests.support.talk import in_the_menu


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("said")


@pytest.fixture
async def listening(world: World, tmp_path: Path) -> AsyncIterator[Platform]:
    """The platform with a recogniser that has loaded."""
    async with make_platform(world, tmp_path) as one:
        await one.start(speech__engine="whisper")
        await one.says("callers are understood")
        yield one


async def asked(platform: Platform) -> tuple[Call, OutsideLeg]:
    """A citizen whom the voicebot has asked to the end."""
    call, citizen = await in_the_menu(platform)
    await citizen.presses("3")
    call = await platform.at(call.id, Stage.SPEAK)
    await citizen.hears_announcement(await platform.wav("voicebot-ask"), "the voicebot's question")
    return call, citizen


async def test_a_citizen_says_the_department_and_its_phone_rings(listening: Platform, said: Path):
    call, citizen = await asked(listening)
    await citizen.says(speak(said, "tax", "市民税課をお願いします"), times=1)
    phone = await listening.world.rung("pbx", await extension_of(listening, "市民税課"))
    await listening.world.answers(phone)
    await phone.listen()
    call = await listening.at(call.id, Stage.HAND_OVER)
    assert call.operator is None
    await citizen.hang_up()
    await phone.is_over()
    call = await listening.at(call.id, Stage.ENDED)
    assert call.outcome is Outcome.HANDED_OVER
    texts = [one.text for one in await listening.store.utterances.of_call(call.id)]
    assert len(texts) >= 3
    assert not any(text in listening.said() for text in texts), "no word of it stands in a log"


@pytest.mark.parametrize("what", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "stopped"])
async def test_where_recognisers_are_killed_or_stand_still_in_mid_call_the_menu_by_keys_goes_on(
    listening: Platform, said: Path, what: signal.Signals
):
    call, citizen = await asked(listening)
    async with each_recogniser_gets(what, listening):
        await citizen.says(speak(said, "waste", "ごみの収集について聞きたいのですが"), times=1)
        await listening.at(call.id, Stage.MENU)
        await citizen.presses("2")
    assert (await listening.at(call.id, Stage.WAIT)).queue == "exchange"
    assert "voicebot_failed" in await listening.kinds(call.id)


async def test_a_controller_that_is_killed_while_the_citizen_speaks_is_followed_by_one_that_goes_on_by_keys(
    listening: Platform,
):
    call, citizen = await asked(listening)
    listening.kill()
    await listening.start()
    await listening.at(call.id, Stage.MENU)
    await citizen.presses("2")
    assert (await listening.at(call.id, Stage.WAIT)).queue == "exchange"
    await citizen.hang_up()
    await listening.at(call.id, Stage.ENDED)
    async with listening.look_into_asterisk() as ari:
        await listening.until(lambda: nothing_left(ari, call.id), "no ear is left of the call")


async def nothing_left(ari: Ari, call: str) -> bool | None:
    return not [one for one in await ari.channels.list() if call in one.id] or None


async def extension_of(platform: Platform, section: str) -> str:
    """Of the section's first entry."""
    return next(one.entry.extension for one in await platform.store.directory.all() if one.entry.section == section)


@asynccontextmanager
async def each_recogniser_gets(what: signal.Signals, platform: Platform) -> AsyncIterator[None]:
    """Also those that are started in the place of others."""

    async def send() -> None:
        while True:
            for pid in recognisers(platform.pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, what)
            await asyncio.sleep(0.02)

    sending = asyncio.create_task(send())
    try:
        yield
    finally:
        sending.cancel()
        for pid in recognisers(platform.pid):  # one that stands still would not notice that it is not needed any more
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def recognisers(controller: int) -> list[int]:
    """The processes that recognise for that controller."""
    found: list[int] = []
    for one in Path(f"/proc/{controller}/task/{controller}/children").read_text().split():
        with suppress(FileNotFoundError):
            if b"ivr.hearing.worker" in Path(f"/proc/{one}/cmdline").read_bytes():
                found.append(int(one))
    return found
