"""What an ear hears when another takes over the talk: how long there was nothing between the two."""

from __future__ import annotations

import asyncio

from bench.figures import ms
from bench.sip import mulaw
from bench.sip.audio import PACKET_SECONDS, Audio

PACKET_MS = PACKET_SECONDS * 1000


class Change:
    """From now on the telephone of ``audio`` waits to hear the tone of ``hertz``, instead of whatever it hears now."""

    def __init__(self, audio: Audio, hertz: int) -> None:
        self.heard: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._is_new = mulaw.has_tone(hertz)
        self._last = 0
        self._audio = audio
        audio.listen(self._take)

    @property
    def gap_ms(self) -> float:
        """For how long nothing was heard: from the end of the last packet with a sound to the first of the tone."""
        if not self._last:
            raise RuntimeError("nothing was heard before")
        return max(0.0, ms(self.heard.result() - self._last) - PACKET_MS)

    def _take(self, sound: bytes, at: int) -> None:
        if self._is_new(sound):
            self._audio.listen(None)
            if not self.heard.done():
                self.heard.set_result(at)
        elif mulaw.has_sound(sound):
            self._last = at
