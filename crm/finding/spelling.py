"""One spelling for what is searched and what is searched for. Pure.

Width, case and kana are one (NFKC, jaconv), blanks don't count, nor do hyphens and brackets between digits, and the
variant characters of names are their usual ones: 髙橋 and 高橋 find each other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import jaconv

VARIANTS = {
    **dict.fromkeys("齋齊斎", "斉"),
    **dict.fromkeys("邊邉", "辺"),
    **dict.fromkeys("濱濵", "浜"),
    **dict(
        zip(
            "髙﨑嵜澤廣國櫻黑𠮷德嶋嶌瀨龍惠眞條學實榮應圓來",
            "高崎崎沢広国桜黒吉徳島島瀬竜恵真条学実栄応円来",
            strict=True,
        )
    ),
}
DASHES = r"\-\u2010-\u2015\u2212\u30fc"
MARKS = "\u0300-\u036f\u3099\u309a\uff9e\uff9f"

_CLUSTER = re.compile(f".[{MARKS}]*", re.DOTALL)
_MARKED = re.compile(f".[{MARKS}]+", re.DOTALL)
_MARK = re.compile(f"[{MARKS}]")
_HAN = re.compile("[\u3400-\u9fff々\U00020000-\U0003ffff]")
_BETWEEN_DIGITS = re.compile(f"(?<=[0-9])[{DASHES}()]+(?=[0-9])")


class _Letters(dict[int, str]):
    """Each letter's spelling, found out on its first use."""

    def __missing__(self, code: int) -> str:
        plain = jaconv.kata2hira(unicodedata.normalize("NFKC", chr(code))).lower()
        self[code] = spelt = "".join(VARIANTS.get(letter, letter) for letter in "".join(plain.split()))
        return spelt


_LETTERS = _Letters()


def fold(text: str) -> str:
    """``text`` in the one spelling."""
    if _MARK.search(text):
        text = _MARKED.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return _BETWEEN_DIGITS.sub("", text.translate(_LETTERS))


def fold_with_places(text: str) -> tuple[str, list[tuple[int, int]]]:
    """As ``fold``, and for each of its letters from where to where in ``text`` it comes."""
    letters, places = list[str](), list[tuple[int, int]]()
    for cluster in _CLUSTER.finditer(text):
        spelt = fold(cluster[0])
        letters += spelt
        places += [cluster.span()] * len(spelt)
    kept = sorted(set(range(len(letters))) - set(_dropped("".join(letters))))
    return "".join(letters[at] for at in kept), [places[at] for at in kept]


def kanji(spelt: str) -> set[str]:
    """The letters that mean something alone: 林 is a name, り is not."""
    return set(_HAN.findall(spelt))


def _dropped(spelt: str) -> Iterator[int]:
    for found in _BETWEEN_DIGITS.finditer(spelt):
        yield from range(*found.span())
