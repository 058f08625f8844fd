"""Where in what was heard a term stands best, and how well, for all terms at once. Pure arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ivr.understanding.sound import ALIKE, LETTERS, VOWELS

Costs = NDArray[np.int16]

WHOLE, HALF = 4, 2
"""What an error costs; one between sounds that are alike, or about the length of a vowel, costs half."""

_FIRST = ord("A")
_PAD = len(LETTERS)


def _substitutions() -> Costs:
    table = np.full((_PAD + 1, _PAD + 1), WHOLE, np.int16)
    for group in ALIKE:
        places = [ord(LETTERS[phoneme]) - _FIRST for phoneme in group]
        table[np.ix_(places, places)] = HALF
    np.fill_diagonal(table, 0)
    return table


_TABLE = _substitutions()
_GAPS = np.full(_PAD + 1, WHOLE, np.int16)
_GAPS[[ord(LETTERS[vowel]) - _FIRST for vowel in VOWELS]] = HALF + 1
_GAPS[_PAD] = 0


class Terms:
    """Terms, by their sounds."""

    def __init__(self, sounds: Sequence[str]) -> None:
        longest = max(map(len, sounds), default=0)
        self.lengths = np.array([len(one) for one in sounds], np.int16)
        self._letters = np.full((len(sounds), longest), _PAD, np.int8)
        for place, one in enumerate(sounds):
            self._letters[place, : len(one)] = _codes(one)
        zero = np.zeros((len(sounds), 1), np.int16)
        self._along = np.concatenate([zero, _GAPS[self._letters].cumsum(1, dtype=np.int16)], 1)

    def errors(self, heard: str) -> tuple[NDArray[np.float64], NDArray[np.int16]]:
        """How many errors each term has where it stands best in ``heard``, and after how many sounds that ends.

        Whatever stands before and behind it costs nothing.
        """
        if not self.lengths.size:
            return np.zeros(0), np.zeros(0, np.int16)
        best, end = self._along[:, -1].copy(), np.zeros(len(self.lengths), np.int16)
        column = self._along.copy()
        for place, letter in enumerate(_codes(heard), start=1):
            column = self._next(column, int(letter))
            better = column[:, -1] < best
            best[better], end[better] = column[better, -1], place
        return best / WHOLE, end

    def _next(self, before: Costs, letter: int) -> Costs:
        """One column of the edit distance further; row 0 is free, so that a term may begin anywhere."""
        after = before + _GAPS[letter]
        after[:, 0] = 0
        np.minimum(after[:, 1:], before[:, :-1] + _TABLE[letter][self._letters], out=after[:, 1:])
        after[:, 1:][self._letters == _PAD] = after.max()
        return np.minimum.accumulate(after - self._along, axis=1) + self._along


def _codes(sounds: str) -> NDArray[np.int8]:
    return (np.frombuffer(sounds.encode("latin-1"), np.uint8) - _FIRST).astype(np.int8)
