"""Turns a caller's sound into what was said, piece by piece."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog

from dialplan.voicebot.ears import Detector
from ivr.hearing.endpoint import Heard, SpeechEnded, SpeechPaused, SpeechStarted
from ivr.hearing.recogniser import RecogniserError

log = structlog.get_logger(__name__)

MOST_WAITING = 20
"""Pieces that wait for a dialogue that does not come to them; what is said beyond is not listened to."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """What a caller says without a longer pause. ``since``: the loop's time of noticing; ``over`` once it has ended.

    ``pauses``: what was said up to a short one, which may be all.
    """

    since: float
    over: asyncio.Future[SpeechEnded]
    pauses: asyncio.Queue[SpeechPaused] = field(default_factory=asyncio.Queue[SpeechPaused])


class Listener:
    """Of one caller."""

    def __init__(self) -> None:
        self._pieces: asyncio.Queue[Piece | None] = asyncio.Queue()
        self._speaking: Piece | None = None
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

    async def follow(self, frames: AsyncIterator[bytes], detector: Detector) -> None:
        """Hear ``frames`` to their end."""
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
                self._speaking = Piece(self._loop.time(), self._loop.create_future())
                self._pieces.put_nowait(self._speaking)
            case SpeechPaused() if self._speaking:
                self._speaking.pauses.put_nowait(what)
            case SpeechEnded() if self._speaking:
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
