"""From a piece of a caller's sound to what it means, as early as can be: mostly nothing comes after a short pause."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from dialplan.voicebot.ears import Ears, Heard
from dialplan.voicebot.listener import Piece
from ivr.hearing.endpoint import SpeechEnded, SpeechPaused, SpeechResumed
from ivr.understanding.meaning import Expecting
from ivr.understanding.whole import is_whole
from kernel.voicebot import Voicebot


@dataclass(slots=True)
class Guess:
    """What was said up to ``ended`` is being recognised. ``kept``: it is understood and not whole yet."""

    ended: float
    hearing: asyncio.Task[Heard]
    kept: bool = False


async def recognised(piece: Piece, ears: Ears, expecting: Expecting, bot: Voicebot) -> Heard:
    """What was said up to a short pause is recognised at once; what is whole then is not waited behind.

    Raises RecogniserError.
    """
    guess: Guess | None = None
    try:
        while True:
            match await _next(piece, guess):
                case Heard() as heard if is_whole(heard.transcript.text, heard.meaning, expecting, bot.fair, bot.sure):
                    return heard
                case Heard():
                    assert guess
                    guess.kept = True
                case SpeechPaused(speech, _, ended):
                    await _forgotten(guess)
                    guess = Guess(ended, asyncio.create_task(ears.hear(speech, expecting), name="recognise"))
                case SpeechResumed():
                    await _forgotten(guess)
                    guess = None
                case SpeechEnded(speech, _, ended):
                    own = guess is not None and guess.ended == ended
                    return await (guess.hearing if guess and own else ears.hear(speech, expecting))
    finally:
        await _forgotten(guess)


async def _next(piece: Piece, guess: Guess | None) -> SpeechPaused | SpeechResumed | SpeechEnded | Heard:
    """What happens first. Of several at once, what was said goes before what was guessed of it."""
    turn = asyncio.create_task(piece.pauses.get(), name="a caller's pause")
    hearing = {guess.hearing} if guess and not guess.kept else set[asyncio.Task[Heard]]()
    try:
        await asyncio.wait({turn, piece.over, *hearing}, return_when=asyncio.FIRST_COMPLETED)
        if turn.done():
            return turn.result()
        if piece.over.done():
            return piece.over.result()
        return hearing.pop().result()
    finally:
        turn.cancel()
        await asyncio.gather(turn, return_exceptions=True)


async def _forgotten(guess: Guess | None) -> None:
    """Its failure is nobody's: what was said is recognised anew."""
    if guess:
        guess.hearing.cancel()
        await asyncio.gather(guess.hearing, return_exceptions=True)
