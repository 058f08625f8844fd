"""Who listens to callers and understands them, as the stages see it; and the real one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog

from dialplan.voicebot.choices import Choices
from ivr.hearing.endpoint import PATIENT, Endpointer
from ivr.hearing.endpoint import Heard as Noticed
from ivr.hearing.recogniser import BYTES_A_SECOND, Recogniser, RecogniserError, Transcript
from ivr.understanding.lexicon import Lexicon
from ivr.understanding.meaning import Expecting, Meaning
from ivr.understanding.understanding import Understanding
from kernel.centre import Centre
from kernel.directory import Entry
from kernel.events import EventKind

CHANGES_CHOICES = frozenset({EventKind.CENTRE_CHANGED, EventKind.DIRECTORY_CHANGED})
"""After these callers may ask for something else."""

log = structlog.get_logger(__name__)

RETRY_SECONDS = 5.0


class Detector(Protocol):
    """Tells when somebody begins and ends to speak."""

    def feed(self, samples: bytes) -> Sequence[Noticed]: ...

    def finish(self) -> None:
        """What was said so far is answered; what comes now is another speech."""
        ...


@dataclass(frozen=True, slots=True)
class Heard:
    """What a caller said, and what it means."""

    transcript: Transcript
    meaning: Meaning


class Ears(Protocol):
    """Of one controller, for all its calls."""

    @property
    def choices(self) -> Choices | None:
        """What callers can ask for now; None until it is known: nobody can be understood yet."""
        ...

    def detector(self) -> Detector:
        """For one caller's sound."""
        ...

    async def hear(self, speech: bytes, expecting: Expecting) -> Heard:
        """Recognise and understand. Raises RecogniserError."""
        ...

    def learn(self, centre: Centre) -> None:
        """What callers can ask for has changed; it is known soon. What can't be read leaves what was known."""
        ...


class NoEars:
    """Where there is no recogniser: callers are asked by keys."""

    choices: Choices | None = None

    def detector(self) -> Detector:
        raise RecogniserError("no recogniser is set up")

    async def hear(self, speech: bytes, expecting: Expecting) -> Heard:
        del speech, expecting
        raise RecogniserError("no recogniser is set up")

    def learn(self, centre: Centre) -> None:
        del centre


class CentreEars:
    """Ears with a recogniser. ``run`` must run."""

    def __init__(
        self,
        recogniser: Recogniser,
        start: Callable[[], Awaitable[None]],
        centre: Callable[[], Awaitable[Centre]],
        entries: Callable[[], Awaitable[Sequence[Entry]]],
    ) -> None:
        """``start`` makes ``recogniser`` ready, as soon as there is a voicebot; ``centre`` and ``entries`` read what
        holds when ``run`` begins, so that who stands by can understand callers from the first moment."""
        self._recogniser = recogniser
        self._start: Callable[[], Awaitable[None]] | None = start
        self._newest = centre
        self._entries = entries
        self._known: tuple[Choices, Understanding] | None = None
        self._centre: Centre | None = None
        self._changed = asyncio.Event()
        self._changed.set()

    @property
    def choices(self) -> Choices | None:
        return self._known[0] if self._known else None

    def detector(self) -> Detector:
        return Endpointer(PATIENT)

    async def hear(self, speech: bytes, expecting: Expecting) -> Heard:
        if self._known is None:
            raise RecogniserError("nothing can be asked for any more")
        understanding = self._known[1]
        transcript = await self._recogniser.recognise(speech)
        return Heard(transcript, await asyncio.to_thread(understanding.of, transcript, expecting))

    def learn(self, centre: Centre) -> None:
        self._centre = centre
        self._changed.set()

    async def run(self) -> None:
        """Learn what is asked for, for ever: all words are read aloud in a thread, and calls go on meanwhile."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                self._known = await self._learned(self._centre or await self._newest())
            except Exception as wrong:
                log.error("what callers can ask for can't be read; trying again", error=type(wrong).__name__)
                await asyncio.sleep(RETRY_SECONDS)
                self._changed.set()

    async def _learned(self, centre: Centre) -> tuple[Choices, Understanding] | None:
        if not centre.voicebots:
            return None
        if self._start:
            await self._start()
            self._start = None
        choices = Choices.of(centre, await self._entries())
        understanding = await asyncio.to_thread(_understanding, choices)
        log.info("callers are understood", subjects=len(choices.subjects))
        return choices, understanding


def _understanding(choices: Choices) -> Understanding:
    """The detector is loaded as well: the first caller who speaks would keep all calls waiting for it."""
    Endpointer(PATIENT).feed(bytes(BYTES_A_SECOND))
    return Understanding(Lexicon(choices.subjects.values()))
