"""A talk's recordings become a draft: where speech is, whose it is, what was said, what it was about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from ivr.drafting.proposal import Topics, drafted
from ivr.drafting.recorded import samples_of, widened
from ivr.drafting.sides import sides
from ivr.drafting.turns import RULES, Stretch, talk, turns
from ivr.hearing.endpoint import Endpointer, SpeechEnded
from ivr.hearing.recogniser import BYTES_A_SECOND, Transcript
from ivr.telephone_audio import RATE
from ivr.understanding.lexicon import Lexicon
from ivr.understanding.understanding import Understanding
from ivr.understanding.wording import is_made_up, plain
from kernel.talk_draft import TalkDraft

Ear = Callable[[bytes, Sequence[str]], Transcript]

ENDING = bytes(BYTES_A_SECOND)
"""Silence in which the last speech of a recording ends."""


class TooLong(Exception):
    """The talk is longer than drafts are made for."""


def draft_of_talk(files: Sequence[Path], topics: Topics, longest_seconds: float, ear: Callable[[], Ear]) -> TalkDraft:
    """Of the takes of one call, in order; ``ear`` is loaded only where it is needed.

    Raises NoRecording, TooLong.
    """
    takes = recorded(files)
    if sum(one.size for one in takes) > longest_seconds * RATE:
        raise TooLong
    parted = turns(with_voices(list(stretches(takes))))
    if not parted:
        return TalkDraft(())
    hear = ear()
    spoken = talk([(one, _text(hear(one.speech, ()))) for one in parted])
    return drafted(spoken, topics, Understanding(Lexicon(topics.subjects.values()))) if spoken else TalkDraft(())


def recorded(files: Sequence[Path]) -> list[np.ndarray]:
    """The samples of those of ``files`` that are there: a take may never have been recorded. Raises NoRecording."""
    there = [file for file in files if file.exists()]
    return [samples_of(file) for file in there or files]


def stretches(takes: Sequence[np.ndarray]) -> Iterator[Stretch]:
    """Where somebody speaks; each take goes on where the one before has ended."""
    begins = 0.0
    for take in takes:
        endpointer = Endpointer(RULES)
        for sound in (*widened(take), ENDING):
            for heard in endpointer.feed(sound):
                if isinstance(heard, SpeechEnded):
                    yield Stretch(heard.speech, begins + heard.started, begins + heard.ended)
        begins += take.size / RATE


def with_voices(speech: Sequence[Stretch]) -> list[Stretch]:
    """Whose each is."""
    voices = sides([one.speech for one in speech])
    return [replace(one, voice=voice) for one, voice in zip(speech, voices, strict=True)]


def _text(heard: Transcript) -> str:
    return "" if is_made_up(plain(heard.text)) else heard.text.strip()
