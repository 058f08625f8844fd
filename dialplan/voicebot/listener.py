"""Turns a caller's sound into what was said, piece by piece."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog

from dialplan.voicebot.ears import Detector
from ivr.hearing.endpoint import Heard, SpeechEnded, SpeechPaused, SpeechResumed, SpeechStarted
from ivr.hearing.recogniser import RecogniserError

log = structlog.get_logger(__name__)

MOST_WAITING = 20
"""Pieces that wait for a dialogue that does not come to them; what is said beyond is not listened to."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """What a caller says without a longer pause. ``over`` once it has ended.

    ``pauses``: what was said up to a short one, which may be all, and that it went on. ``spoken``: for how many seconds
    up to the first of them, or to the end; ``resumed``: it went on after that.
    """

    over: asyncio.Future[SpeechEnded]
    spoken: asyncio.Future[float]
    resumed: asyncio.Event = field(default_factory=asyncio.Event)
    pauses: asyncio.Queue[SpeechPaused | SpeechResumed] = field(
        default_factory=asyncio.Queue[SpeechPaused | SpeechResumed]
    )

    def lasted(self, what: SpeechPaused | SpeechEnded) -> None:
        """The first pause, or the end."""
        if not self.spoken.done():
            self.spoken.set_result(what.ended - what.started)


class Listener:
    """Of one caller."""

    def __init__(self) -> None:
        self._pieces: asyncio.Queue[Piece | None] = asyncio.Queue()
        self._speaking: Piece | None = None
        self._detector: Detector | None = None
        self._loop = asyncio.get_running_loop()

    async def piece(self) -> Piece:
        """The next that begins, or that has begun since the last was asked for.

        Raises RecogniserError where no sound comes any more; so does ``over`` of a piece that it broke off.
        """
        piece = await self._pieces.get()
        if piece is None:
            self._pieces.put_nowait(None)
            raise RecogniserError("the caller's sound does not come any more")
        return piece

    def answers(self, piece: Piece) -> None:
        """What ``piece`` brought so far is answered: what is said from now on is another, though no pause was made."""
        if self._speaking is piece and self._detector:
            self._speaking = None
            self._detector.finish()

    async def follow(self, frames: AsyncIterator[bytes], detector: Detector) -> None:
        """Hear ``frames`` to their end."""
        self._detector = detector
        try:
            async for frame in frames:
                for what in detector.feed(frame):
                    self._take(what)
        finally:
            self._pieces.put_nowait(None)
            if self._speaking and not self._speaking.over.done():
                self._speaking.over.set_exception(RecogniserError("the caller's sound broke off"))
                self._speaking.over.exception()  # nobody may wait for it

    def _take(self, what: Heard) -> None:
        match what:
            case SpeechStarted() if self._pieces.qsize() < MOST_WAITING:
                self._speaking = Piece(self._loop.create_future(), self._loop.create_future())
                self._pieces.put_nowait(self._speaking)
            case SpeechPaused() if self._speaking:
                self._speaking.lasted(what)
                self._speaking.pauses.put_nowait(what)
            case SpeechResumed() if self._speaking:
                self._speaking.resumed.set()
                self._speaking.pauses.put_nowait(what)
            case SpeechEnded() if self._speaking:
                self._speaking.lasted(what)
                self._speaking.over.set_result(what)
                self._speaking = None
            case _:
                pass


@asynccontextmanager
async def listening(frames: AsyncIterator[bytes], detector: Detector) -> AsyncGenerator[Listener]:
    """A listener to ``frames`` as long as the context lasts."""
    listener = Listener()
    task = asyncio.create_task(listener.follow(frames, detector), name="listen to a caller")
    try:
        yield listener
    finally:
        task.cancel()
        (result,) = await asyncio.gather(task, return_exceptions=True)
        if isinstance(result, Exception):
            log.error("listening to a caller failed", exc_info=result)
