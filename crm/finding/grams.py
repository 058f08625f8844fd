"""What of a text goes into a signature: pairs of letters, single kanji, in passages of limited length. Pure.

A text longer than a passage has several, which overlap, so that a word of up to LONGEST_WORD letters lies whole in one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from crm.finding.spelling import kanji

PASSAGE = 256
"""Letters: so few that a signature stays sparse."""

LONGEST_WORD = 32
"""Letters of a word that the index looks at; the rest is for the comparison with the text itself."""


def grams(spelt: str) -> set[str]:
    """All pairs of letters and all kanji of ``spelt``, which is in the one spelling."""
    return {spelt[at : at + 2] for at in range(len(spelt) - 1)} | kanji(spelt)


def passages(fields: Iterable[str]) -> list[list[str]]:
    """``fields``, in the one spelling, as passages: lists of texts that are at most PASSAGE letters together."""
    filled: list[list[str]] = [[]]
    room = PASSAGE
    for window in (window for field in fields for window in _windows(field)):
        if len(window) > room and filled[-1]:
            filled.append([])
            room = PASSAGE
        filled[-1].append(window)
        room -= len(window)
    return filled


def grams_of_word(word: str) -> set[str]:
    """What a text that holds ``word`` has in one of its passages."""
    return grams(word[:LONGEST_WORD])


def grams_of_passage(texts: Sequence[str]) -> set[str]:
    return set[str]().union(*map(grams, texts))


def _windows(field: str) -> Iterator[str]:
    step = PASSAGE - LONGEST_WORD
    for start in range(0, max(1, len(field) - LONGEST_WORD), step):
        if window := field[start : start + PASSAGE]:
            yield window
