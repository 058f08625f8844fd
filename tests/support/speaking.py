"""Callers who speak to a voicebot, in memory: what they say is a text, and its meaning stands in a table."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from dialplan.voicebot.choices import Choices
from dialplan.voicebot.ears import Heard
from ivr.hearing.endpoint import SpeechEnded, SpeechStarted
from ivr.hearing.recogniser import RecogniserError, Transcript
from ivr.understanding.meaning import Candidate, Expecting, Meaning, Nothing, Subject
from kernel.centre import Centre
from kernel.directory import Entry

BEGINS = b"begins"


class Microphones:
    """The sound of callers: its frames are the beginning and the text of what is said."""

    def __init__(self) -> None:
        self._sounds: dict[str, asyncio.Queue[bytes | None]] = {}
        self.listened_to = 0

    async def say(self, caller: str, text: str, seconds: float = 1.0) -> None:
        """``caller`` speaks for so long; returns when it is said."""
        sound = self._of(caller)
        sound.put_nowait(BEGINS)
        await asyncio.sleep(seconds)
        sound.put_nowait(text.encode())

    async def hand(self, caller: str, frame: bytes) -> None:
        """One frame, of a detector's own; returns a moment later."""
        self._of(caller).put_nowait(frame)
        await asyncio.sleep(0.05)

    def break_off(self, caller: str) -> None:
        """No sound comes any more, whoever listens."""
        self._of(caller).put_nowait(None)

    @asynccontextmanager
    async def hear(self, caller: str) -> AsyncIterator[AsyncIterator[bytes]]:
        self.listened_to += 1
        try:
            yield self._frames(self._of(caller))
        finally:
            self.listened_to -= 1

    async def _frames(self, sound: asyncio.Queue[bytes | None]) -> AsyncIterator[bytes]:
        while (frame := await sound.get()) is not None:
            yield frame

    def _of(self, caller: str) -> asyncio.Queue[bytes | None]:
        return self._sounds.setdefault(caller, asyncio.Queue())


class FakeDetector:
    """Takes frames of ``Microphones`` apart."""

    def feed(self, samples: bytes) -> list[SpeechStarted | SpeechEnded]:
        return [SpeechStarted(0.0) if samples == BEGINS else SpeechEnded(samples, 0.0, 1.0, cut=False)]

    def finish(self) -> None:
        """Each text is another speech."""


class FakeEars:
    """Understands what stands in ``means``, after ``takes`` seconds; ``fails``: nobody recognises any more."""

    def __init__(self, means: Mapping[str, Meaning], entries: tuple[Entry, ...], takes: float = 0.5) -> None:
        self.means = means
        self.entries = entries
        self.takes = takes
        self.fails = False
        self.choices: Choices | None = None
        self.asked: list[tuple[str, Expecting]] = []

    def detector(self) -> FakeDetector:
        return FakeDetector()

    async def hear(self, speech: bytes, expecting: Expecting) -> Heard:
        await asyncio.sleep(self.takes)
        if self.fails:
            raise RecogniserError("the recogniser has died")
        text = speech.decode()
        self.asked.append((text, expecting))
        return Heard(Transcript(text, took=self.takes), self.means.get(text, Nothing()))

    def learn(self, centre: Centre) -> None:
        self.choices = Choices.of(centre, self.entries) if centre.voicebots else None


def wanted(**confidences: float) -> Subject:
    """Entries by id, likeliest first."""
    return Subject(tuple(Candidate(f"entry:{id}", id, confidence) for id, confidence in confidences.items()))
