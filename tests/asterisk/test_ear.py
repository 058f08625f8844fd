"""Listening to a caller on a real Asterisk: the phone alone is heard, and nothing is left of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from denwa.world.world import World as Around
from denwa.world.world import open_world
from dialplan.ari.client import Ari, connect
from dialplan.ari.ear import listen_to
from dialplan.ari.media import MediaFailed
from dialplan.switch import ChannelGone
from tests.support.asterisk import World
from tests.support.sound import Sound, tone, write

SPEAKS, PROMPT = 440.0, 1000.0
RATE = 16_000


def strength(sound: Sound, hertz: float) -> float:
    """The amplitude of a sine of ``hertz`` in ``sound``."""
    return 2 * abs(np.exp(-2j * np.pi * hertz * np.arange(len(sound)) / RATE) @ sound) / len(sound)


async def until(frames: AsyncIterator[bytes], enough: Callable[[Sound], bool]) -> Sound:
    """The last half second, once it is ``enough``."""
    heard = b""
    async with asyncio.timeout(30):
        async for frame in frames:
            heard = (heard + frame)[-RATE:]
            sound = np.frombuffer(heard, dtype="<i2") / 32768.0
            if len(heard) == RATE and enough(sound):
                return sound
    raise AssertionError("the sound ended")


async def nothing_left(ari: Ari, *but: str) -> None:
    """Asterisk ends a channel that spies with the next packet that it would have heard."""
    async with asyncio.timeout(10):
        while {one.id for one in await ari.channels.list()} != set(but) or await ari.bridges.list():
            await asyncio.sleep(0.02)


@asynccontextmanager
async def in_our_hands(world: World, ari: Ari, tmp_path: Path) -> AsyncIterator[tuple[Around, str]]:
    """A citizen's channel that is answered, and the citizen who hears and speaks there."""
    outside = world.outside
    async with open_world(outside.settings.outside.ari, outside.ari_password, outside.recordings) as around:
        arrivals = ari.arrivals()
        rings = asyncio.create_task(around.rings("0466251111", "09012345678"))
        channel = (await anext(arrivals)).channel.id
        await ari.channels.answer(channel)
        yield await rings, channel


async def test_the_phone_is_heard_and_what_is_played_to_the_caller_is_not(world: World, tmp_path: Path):
    centre = world.centre
    for name, hertz in (("speaks", SPEAKS), ("prompt", PROMPT)):
        write(tmp_path / f"{name}.wav", tone(hertz, 20))
    async with (
        connect(centre.settings.ari, centre.ari_password) as ari,
        in_our_hands(world, ari, tmp_path) as (citizen, channel),
    ):
        async with listen_to(ari, channel) as frames:
            await ari.channels.play(channel, [f"sound:{tmp_path / 'prompt'}"], playback_id="prompt")
            await citizen.says(tmp_path / "speaks")
            heard = await until(frames, lambda sound: strength(sound, SPEAKS) > 0.1)
            assert strength(heard, PROMPT) < 0.001
        await nothing_left(ari, channel)
        await citizen.hang_up()


async def test_the_sound_ends_with_the_caller_and_nobody_can_listen_to_one_who_is_gone(world: World, tmp_path: Path):
    centre = world.centre
    async with (
        connect(centre.settings.ari, centre.ari_password) as ari,
        in_our_hands(world, ari, tmp_path) as (citizen, channel),
    ):
        async with listen_to(ari, channel) as frames:
            await until(frames, lambda sound: True)
            await citizen.hang_up()
        with pytest.raises(ChannelGone):
            async with listen_to(ari, channel):
                pass
        await nothing_left(ari)


async def test_nobody_listens_by_a_name_that_is_guessed(world: World):
    centre = world.centre
    async with connect(centre.settings.ari, centre.ari_password) as ari:
        with pytest.raises(MediaFailed):
            async with ari.media.open("guessed"):
                pass
