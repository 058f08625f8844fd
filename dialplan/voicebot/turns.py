"""Taking turns with a caller: something is said, and the caller answers by voice or key, or keeps silent.

Whoever begins to speak hears silence at once. After a はい or えーと in passing the prompt goes on with the phrase that
was interrupted; after anything else it is over.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from dialplan.scene import Scene
from dialplan.voicebot.ears import Ears, Heard
from dialplan.voicebot.listener import Listener, Piece
from dialplan.voicebot.recognition import recognised
from ivr.conversation import Silence
from ivr.understanding.meaning import Expecting, Filler, No, Nothing, Yes
from kernel.announcement import Said
from kernel.voicebot import Voicebot


@dataclass(frozen=True, slots=True)
class Key:
    """A key was pressed."""

    key: str


Answer = Heard | Key | Silence


SOONEST_SECONDS = 0.5
"""Of a question: a yes that comes sooner belongs to what was asked before (はい、…お願いします)."""


@dataclass(slots=True)
class _Asked:
    """``since`` when, in seconds of the loop, the last of the texts, which asks, is being said."""

    since: float | None = None

    def can_be_answered(self) -> bool:
        """By a yes or a no."""
        return self.since is not None and asyncio.get_running_loop().time() - self.since >= SOONEST_SECONDS


@dataclass(frozen=True, slots=True)
class Turns:
    """Of one call, as long as somebody listens to it."""

    scene: Scene
    ears: Ears
    listener: Listener
    bot: Voicebot

    async def take(self, texts: tuple[Said, ...], expecting: Expecting) -> Answer:
        """Say ``texts`` and return the answer. Raises CallerGone, RecogniserError."""
        asked = _Asked()
        saying = asyncio.create_task(self._say(texts, asked), name="a voicebot's prompt")
        piece: asyncio.Task[Piece] | None = None
        try:
            while True:
                piece = asyncio.create_task(self.listener.piece(), name="a caller's words")
                await asyncio.wait({saying, piece}, return_when=asyncio.FIRST_COMPLETED)
                if not piece.done():
                    break
                now = expecting if asked.can_be_answered() else Expecting.SUBJECT
                if answer := await self._heard(piece.result(), saying, now):
                    return answer
            return _key(saying) or await self._in_silence(piece, expecting)
        finally:
            await _cancelled(saying, piece)

    async def _say(self, texts: tuple[Said, ...], asked: _Asked) -> str:
        """The key that interrupted it; "" when it was said to its end."""
        *told, question = texts or ("",)
        if told and (key := await self.scene.line.ask(*told, wait_seconds=0)):
            return key
        asked.since = asyncio.get_running_loop().time()
        return await self.scene.line.ask(question, wait_seconds=0) if question else ""

    async def _heard(self, piece: Piece, saying: asyncio.Task[str], expecting: Expecting) -> Heard | Key | None:
        """What was said while the prompt was being said; None for a sign of listening, after which it goes on.

        A key that was pressed meanwhile goes before it.
        """
        passing = asyncio.create_task(self._let_pass(piece, expecting), name="a word in passing")
        try:
            await self.scene.line.pause()
            heard = await self._understood(piece, expecting)
        finally:
            await _cancelled(passing)
        if not saying.done():
            if _is_passing(heard, expecting):
                self.scene.line.resume()
                return None
            await self._hush(saying)
        return _key(saying) or heard

    async def _let_pass(self, piece: Piece, expecting: Expecting) -> None:
        """What is as short as はい is hardly more, where no yes is waited for: the prompt goes on meanwhile.

        Where it was あの and more comes, there is silence again; where it was 税金 after all, the prompt is over then.
        """
        spoken = await asyncio.shield(piece.spoken)
        if spoken < self.bot.backchannel_seconds and expecting is not Expecting.YES_NO:
            self.scene.line.resume()
            await piece.resumed.wait()
            await self.scene.line.pause()

    async def _in_silence(self, piece: asyncio.Task[Piece], expecting: Expecting) -> Answer:
        """The prompt is over: what is said or pressed now."""
        key = asyncio.create_task(self.scene.line.ask(wait_seconds=self.bot.silence_seconds), name="a caller's key")
        try:
            await asyncio.wait({piece, key}, return_when=asyncio.FIRST_COMPLETED)
            if not piece.done():
                return _key(key) or Silence()
            heard = await self._understood(piece.result(), expecting)
            return _key(key) or heard
        finally:
            await _cancelled(key)

    async def _understood(self, piece: Piece, expecting: Expecting) -> Heard:
        """A caller who hangs up meanwhile is noticed at once."""
        heard = await self.scene.line.unless_gone(recognised(piece, self.ears, expecting, self.bot))
        self.listener.answers(piece)
        return heard

    async def _hush(self, saying: asyncio.Task[str]) -> None:
        await _cancelled(saying)
        await self.scene.line.hush()


def _key(pressed: asyncio.Task[str]) -> Key | None:
    """The key that ``pressed`` has brought; None where it was cancelled, or goes on. Raises what it raised."""
    if not pressed.done() or pressed.cancelled():
        return None
    return Key(key) if (key := pressed.result()) else None


def _is_passing(heard: Heard, expecting: Expecting) -> bool:
    """A sign of listening, noise, or thinking aloud: not an answer to what is still being asked."""
    match heard.meaning:
        case Filler() | Nothing():
            return True
        case Yes() | No():
            return expecting is not Expecting.YES_NO
        case _:
            return False


async def _cancelled(*tasks: asyncio.Task[Any] | None) -> None:
    """Their failures are told where their results are asked for."""
    for task in tasks:
        if task is not None:
            task.cancel()
    await asyncio.gather(*(task for task in tasks if task is not None), return_exceptions=True)
