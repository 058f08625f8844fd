"""A synthetic citizen at the outer end of the line: speaks RTP, and reads off the wire when something is heard."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bench.a_call import found
from bench.figures import NANOSECONDS_A_MS
from bench.sip import mulaw
from bench.sip.agent import Agent
from bench.sip.audio import Audio
from bench.sip.telephones import Citizen, citizen
from ivr.telephone_audio import Pcm, mu_law

LOOK_SECONDS = 0.01
PATIENCE_SECONDS = 15.0
SECOND = 1000 * NANOSECONDS_A_MS
THINKS_SECONDS = 1.0
"""After the last word of a prompt; no prompt has such a pause in it."""


@dataclass(frozen=True, slots=True)
class Said:
    """When (nanoseconds since the epoch) the first and the last packet with a sound were sent."""

    began: int
    ended: int


class Ear:
    """Of one telephone. ``sounds`` are the times of all packets in which something is heard, in order."""

    def __init__(self, audio: Audio) -> None:
        self.sounds: list[int] = []
        audio.listen(self._take)

    async def hears(self, since: int = 0, seconds: float = PATIENCE_SECONDS) -> int | None:
        """The time of the first sound after ``since``; None where none comes for so long."""
        until = time.monotonic() + seconds
        while not (found := self.first(since)) and time.monotonic() < until:  # noqa: ASYNC110
            await asyncio.sleep(LOOK_SECONDS)
        return found

    async def silence(self) -> None:
        """Something was heard, and now nothing for as long as a citizen thinks. Raises TimeoutError."""

        async def silent() -> bool:
            return self.is_silent()

        await found(silent, "the prompt is over")

    def is_silent(self) -> bool:
        """Whether it is over, what was heard."""
        return bool(self.sounds) and time.time_ns() - self.sounds[-1] > THINKS_SECONDS * SECOND

    def first(self, since: int) -> int | None:
        return next((at for at in self.sounds if at > since), None)

    def last(self, before: int) -> int:
        """The last sound before that moment. Raises ValueError where there was none."""
        return max(at for at in self.sounds if at < before)

    def longest_gap(self, since: int) -> float:
        """Seconds between two sounds of which the second came after ``since``."""
        pairs = zip(self.sounds, self.sounds[1:], strict=False)
        return max(((after - before) / SECOND for before, after in pairs if after > since), default=0.0)

    def _take(self, sound: bytes, at: int) -> None:
        if mulaw.has_sound(sound):
            self.sounds.append(at)


@dataclass(frozen=True, slots=True)
class Caller:
    """In a call that the voicebot has taken. ``number`` is the citizen's own."""

    number: str
    telephone: Citizen
    ear: Ear

    async def says(self, sound: Pcm) -> Said:
        """Returns when it is said."""
        return Said(*await self.telephone.audio.speak(mu_law(sound).tobytes()))

    async def is_answered(self, said: Said) -> float | None:
        """Seconds from the end of ``said`` to the reply's first sound; below 0 where the caller was cut short.

        None where nothing was replied.
        """
        heard = await self.ear.hears(said.began)
        return (heard - said.ended) / SECOND if heard else None


@asynccontextmanager
async def caller(carrier: Agent, number: str, dials: str) -> AsyncGenerator[Caller]:
    """Has rung, and hangs up at the end where the centre has not."""
    async with citizen(carrier, number, dials) as telephone:
        ear = Ear(telephone.audio)
        telephone.rings()
        await telephone.is_taken()
        try:
            yield Caller(number, telephone, ear)
        finally:
            if not telephone.dialog.ended.done():
                await telephone.hang_up()
