"""Who records a talk, and that nobody does for longer: in virtual time."""

from __future__ import annotations

import pytest

from kernel.call import Stage
from kernel.commands import CommandKind
from tests.support.house import House, house

pytestmark = pytest.mark.looptime


async def recorded(home: House) -> None:
    """A caller, c-1, talks with an operator and is recorded."""
    home.ready("sato")
    home.phone("7001", answers_after=1)
    await home.controller()
    home.exchange.call("c-1", keys="1")
    await home.at("c-1", Stage.TALK)
    await home.until(lambda: bool(home.exchange.live_recordings), "the recording")


async def test_what_records_no_call_is_ended_and_the_recording_of_a_talk_goes_on():
    async with house() as home:
        await recorded(home)
        (name,) = home.exchange.live_recordings
        await home.kill()
        home.exchange.members["c-0~talk"] = set()
        await home.exchange.record("c-0~talk", "of-nobody")
        await home.controller()
        await home.until(lambda: "of-nobody" not in home.exchange.live_recordings, "the stray one's end")
        assert home.exchange.live_recordings == {name}
        assert home.exchange.recordings[name] == "c-1~talk"


async def test_a_talk_whose_handling_fails_is_not_recorded_through_the_apology():
    async with house() as home:
        await recorded(home)
        home.exchange.breaks["join"] = RuntimeError("no")
        await home.click(CommandKind.HOLD, "sato", "c-1")
        await home.until(lambda: home.exchange.channels["c-1"].music, "the music")
        await home.click(CommandKind.RESUME, "sato", "c-1")
        await home.at("c-1", Stage.ENDED)
        assert home.exchange.channels["c-1"].apologised
        assert home.exchange.channels["c-1"].alive
        assert not home.exchange.live_recordings
