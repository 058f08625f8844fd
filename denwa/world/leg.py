"""One end of a call in the world outside: what it says and what it hears."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from itertools import count
from pathlib import Path

from denwa.world import hearing
from denwa.world.hearing import RATE, Sound
from dialplan.ari.client import Ari
from dialplan.ari.end import End
from dialplan.ari.errors import NotFound
from dialplan.ari.events import RecordingStarted, StasisStart

LISTEN_SECONDS = 0.1
FORMAT, FORMAT_RATE = "sln48", 48_000
"""Asterisk writes 32 KiB at a time (main/file.c): at 8 kHz what was heard would be known two seconds later."""

_takes = count(1)


class OutsideLeg:
    """A channel of the outside Asterisk. Its hearing is recorded from the moment that ``listen`` was called."""

    def __init__(self, ari: Ari, id: str, recordings: Path, now: Callable[[], datetime]) -> None:
        self.id = id
        self.ari = ari
        self.end = End(ari, id, now)
        self._take = f"{id.replace('/', '-')}-heard-{next(_takes)}"
        self._file = recordings / f"{self._take}.{FORMAT}"

    async def listen(self) -> None:
        """Record what this end hears, not what it says; returns when it is being recorded."""
        snoop = f"{self._take}~snoop"
        with self.ari.listen(snoop) as inbox:
            await self.ari.channels.snoop(self.id, spy="in", snoop_id=snoop)
            while not isinstance(await inbox.get(), StasisStart):
                continue
        with self.ari.listen(self._take) as inbox:
            await self.ari.channels.record(snoop, name=self._take, format=FORMAT, if_exists="overwrite")
            while not isinstance(await inbox.get(), RecordingStarted):
                continue

    def heard(self, last_seconds: float | None = None) -> Sound:
        """What was heard so far."""
        sound = hearing.read(self._file, FORMAT_RATE) if self._file.exists() else hearing.tone(0, 0)
        return sound if last_seconds is None else sound[-int(last_seconds * RATE) :]

    async def hears(self, test: Callable[[Sound], bool], what: str, timeout: float = 30.0) -> None:
        """Return when ``test`` holds of what was heard; raises NotHeard after ``timeout`` seconds."""
        try:
            async with asyncio.timeout(timeout):
                while not test(self.heard()):
                    await asyncio.sleep(LISTEN_SECONDS)
        except TimeoutError:
            seconds = len(self.heard()) / RATE
            raise NotHeard(f"{self.id} did not hear {what} in {seconds:.1f} s of sound") from None

    async def hears_tone(self, hertz: float, seconds: float = 0.5, timeout: float = 30.0) -> None:
        """Return when the last ``seconds`` heard were the tone of ``hertz``."""
        samples = int(seconds * RATE)
        await self.hears(
            lambda sound: len(sound) >= samples and hearing.share_of_tone(sound[-samples:], hertz) > 0.8,
            f"{hertz:.0f} Hz",
            timeout,
        )

    async def hears_music(self, timeout: float = 30.0) -> None:
        """Return when the last second heard was sound of many tones: no silence, no single tone."""
        await self.hears(lambda sound: hearing.is_music(sound[-RATE:]), "music", timeout)

    async def hears_announcement(self, wav: Path, what: str, timeout: float = 30.0) -> float:
        """Seconds into the recording at which the announcement in ``wav`` began."""
        spoken = hearing.read(wav)
        await self.hears(lambda sound: hearing.find(sound, spoken) is not None, what, timeout)
        at = hearing.find(self.heard(), spoken)
        assert at is not None
        return at

    async def says(self, sound: Path, times: int = 50) -> None:
        """Play the file (its path without ending) so often, or until the call ends. Keys are pressed afterwards."""
        await self.ari.channels.play(self.id, [f"sound:{sound}"] * times, playback_id=f"{self._take}~{next(_takes)}")

    async def presses(self, keys: str) -> None:
        """Send DTMF as telephone events (RFC 4733)."""
        await self.ari.channels.send_dtmf(self.id, keys)

    async def hang_up(self) -> None:
        """End this end of the call; harmless when it is over."""
        try:
            await self.ari.channels.hangup(self.id)
        except NotFound:
            return

    async def is_over(self, timeout: float = 30.0) -> None:
        """Return when the other side has hung up."""
        async with asyncio.timeout(timeout):
            await asyncio.shield(self.end.gone)


class NotHeard(AssertionError):
    """What should have been heard was not; the message says by whom."""


async def within(awaitable: Awaitable[object], seconds: float, what: str) -> None:
    """Wait for something that must happen; raises NotHeard, naming it, after ``seconds``."""
    try:
        async with asyncio.timeout(seconds):
            await awaitable
    except TimeoutError:
        raise NotHeard(f"{what} did not happen within {seconds:.0f} s") from None
