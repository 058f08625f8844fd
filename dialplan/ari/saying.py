"""What a channel is told: prompt after prompt, each of which can be held in its midst and goes on afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from itertools import cycle
from pathlib import Path

from dialplan.ari.client import Ari
from dialplan.ari.events import PlaybackFinished
from dialplan.ari.playing import stop_playing
from ivr.resuming import Place, resumed

PLAYBACK_SLOTS = 2
"""Ids of playbacks are used in turn, so that the next controller knows what may still be playing."""


class Saying:
    """To one channel, one prompt at a time.

    ARI's own pause is a toggle that tells nobody whether it was done; here the sound is stopped, which is proved by
    an event, and the rest of it is played as another.
    """

    def __init__(self, ari: Ari, channel: str, *, new: bool) -> None:
        """``new``: nothing can be heard yet of an earlier controller's."""
        self._ari = ari
        self._channel = channel
        slots = [f"{channel}~play~{slot}" for slot in range(PLAYBACK_SLOTS)]
        self._playbacks = cycle(slots)
        self._leftovers = [] if new else list(slots)
        self._playing: str | None = None
        self._going: asyncio.Event | None = None
        self._held_at: float | None = None
        self._clock = asyncio.get_running_loop().time

    async def say(self, paths: Awaitable[Sequence[str]]) -> None:
        """Return when the files (without ending) have been heard to their end. Raises NotFound."""
        self._going = going = asyncio.Event()
        going.set()
        try:
            files, place = await paths, Place()
            await self._stop_leftovers()
            while place:
                await going.wait()
                played = await self._play(files, place)
                place = None if played is None else await asyncio.to_thread(_rest, files, place, played)
        finally:
            self._going = None

    def next_playback(self) -> str:
        """An id for another sound."""
        return next(self._playbacks)

    async def hold(self) -> None:
        """Silence, until ``go_on``; nothing where nothing is being said."""
        if self._going is None:
            return
        self._going.clear()
        if self._playing is not None:
            self._held_at = self._clock()
            await stop_playing(self._ari, self._playing)

    def go_on(self) -> None:
        """What was held is said from the beginning of its last phrase; harmless where nothing is held."""
        if self._going is not None:
            self._going.set()

    async def stop(self) -> None:
        """Also what the last controller was saying: a channel is moved to another bridge only when it has been said."""
        await self._stop_leftovers()
        if self._playing is not None:
            playing, self._playing = self._playing, None
            await stop_playing(self._ari, playing)

    async def _play(self, files: Sequence[str], place: Place) -> float | None:
        """Seconds that were heard until it was held; None where it was heard to its end."""
        media = [f"sound:{file}" for file in files[place.sound :]]
        playback, self._held_at = self.next_playback(), None
        with self._ari.listen(playback) as inbox:
            self._playing = playback
            offset = round(place.seconds * 1000) or None
            await self._ari.channels.play(self._channel, media, playback_id=playback, offset_ms=offset)
            begun = self._clock()
            if self._held_at is not None:  # held before Asterisk knew of it: there was nothing to stop yet
                await stop_playing(self._ari, playback)
            while not isinstance(await inbox.get(), PlaybackFinished):
                continue
            self._playing = None
        held, self._held_at = self._held_at, None
        return None if held is None else max(0.0, held - begun)

    async def _stop_leftovers(self) -> None:
        """What the last controller was saying when it died would be heard to its end before anything new."""
        while self._leftovers:
            await stop_playing(self._ari, self._leftovers.pop())


def _rest(files: Sequence[str], since: Place, played: float) -> Place | None:
    return resumed([Path(f"{file}.ulaw").read_bytes() for file in files], since, played)
