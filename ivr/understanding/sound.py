"""How text sounds: one letter for each phoneme, so that what is written differently and sounds the same is the same."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import cache, lru_cache
from io import StringIO

import jaconv

LONGEST = 200
"""Letters of a text that are looked at."""

VOWELS = "aiueo"


def _listed(phonemes: str) -> list[str]:
    return phonemes.split()


_PHONEMES = _listed("k g s z t d n h b p m y r w N cl sh ch ts j f v ky gy ny hy by py my ry ty dy kw gw a i u e o")
LETTERS = {phoneme: chr(ord("A") + place) for place, phoneme in enumerate(_PHONEMES)}
_SAME = {"I": "i", "U": "u", "A": "a", "E": "e", "O": "o", "q": "cl", "dz": "z"}
ALIKE = (
    _listed("k g ky gy kw gw"),
    _listed("s z sh j ts ch"),
    _listed("t d ty dy r ry cl"),
    _listed("h b p f v hy by py w"),
    _listed("n m ny my N"),
    _listed("y i"),
    _listed("e i"),
    _listed("o u"),
    _listed("t ch k ts"),
    _listed("d j"),
    _listed("hy sh f h"),
)
"""Phonemes that are easily taken for each other on the telephone."""

_LONG = {f"{LETTERS['e']}{LETTERS['i']}": LETTERS["e"] * 2, f"{LETTERS['o']}{LETTERS['u']}": LETTERS["o"] * 2}


def sound(text: str) -> str:
    """The phonemes of ``text``, a letter each; ei and ou are long vowels, pauses are left out.

    It may be what a caller said, so nothing of it is kept.
    """
    spoken = _reader()(text[:LONGEST], False).split()
    letters = "".join(LETTERS.get(_SAME.get(one, one), "") for one in spoken)
    for written, heard in _LONG.items():
        letters = letters.replace(written, heard)
    return letters


@lru_cache(maxsize=8192)
def sound_of_word(word: str) -> str:
    """As ``sound``, of the platform's own words: each is read once, however often the lexicon is made."""
    return sound(word)


def reading(text: str) -> str:
    """``text`` in hiragana, spelt as one writes a reading (たろう), without what is not read; nothing of it is kept."""
    return re.sub("[^ぁ-ゖー]", "", jaconv.kata2hira(_reader()(text[:LONGEST], True)))


@cache
def _reader() -> Callable[[str, bool], str]:
    """Open JTalk's front end; to load it takes a second and 90 MB."""
    with warnings.catch_warnings(), redirect_stdout(StringIO()):
        warnings.filterwarnings("ignore", r"Dictionary\.create\(\)", DeprecationWarning)
        from pyopenjtalk import g2p  # noqa: PLC0415

    def read(text: str, kana: bool) -> str:
        if not text.strip():
            return ""
        return str(g2p(text, kana=kana, use_read_as_pron=kana, use_sudachi_kanji_yomi=False, predict_nani=False))

    return read
