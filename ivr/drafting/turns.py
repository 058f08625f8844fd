"""Stretches of speech become turns that are recognised at once, and texts become a talk of two sides. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ivr.hearing.endpoint import EndpointRules
from kernel.talk_draft import Side, Spoken

RULES = EndpointRules(pause=0.35, short_pause=0.35, longest=7.0)
"""People answer each other after 0.2 s: a longer pause would put two voices into one stretch."""

LONGEST_SECONDS = 7.0
"""Of a turn: Whisper computes 8 s for it, whatever it holds (ivr.hearing.whisper)."""

LONGEST_GAP_SECONDS = 2.0

OPERATORS_WORDS = re.compile(
    "お電話ありがとう|でございます|かしこまりました|承知(いた)?しました|おつなぎ|ご案内|お調べ|お待ちください|市役所の|様ですね|よろしいでしょうか|いたします"
)
"""What who works here says: politeness towards the caller."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Speech from ``at`` to ``ended`` (seconds of the recording); ``voice`` is 0 or 1, None: not told apart."""

    speech: bytes
    at: float
    ended: float
    voice: int | None = None


def turns(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Of one voice, one after the other, as long as one recognition holds."""
    found: list[Stretch] = []
    for one in stretches:
        if found and _goes_on(found[-1], one):
            found[-1] = replace(found[-1], speech=found[-1].speech + one.speech, ended=one.ended)
        else:
            found.append(one)
    return found


def _goes_on(before: Stretch, one: Stretch) -> bool:
    together = len(before.speech) + len(one.speech) <= LONGEST_BYTES
    return before.voice == one.voice and together and one.at - before.ended <= LONGEST_GAP_SECONDS


def talk(said: Sequence[tuple[Stretch, str]]) -> list[Spoken]:
    """What was recognised of each turn, with its side; empty texts are left out.

    The operator is who speaks more as who works here; where neither does, who spoke first and so answered.
    """
    score = {
        voice: sum(len(OPERATORS_WORDS.findall(text)) for one, text in said if one.voice == voice) for voice in (0, 1)
    }
    operator = 1 if score[1] > score[0] else 0
    return [
        Spoken(_side(one.voice, operator), round(one.at, 1), round(one.ended, 1), text) for one, text in said if text
    ]


def _side(voice: int | None, operator: int) -> Side:
    if voice is None:
        return Side.UNKNOWN
    return Side.OPERATOR if voice == operator else Side.CITIZEN


LONGEST_BYTES = int(LONGEST_SECONDS * 32_000)
