"""A telephone number as it is spoken: digit by digit, with の between its parts. Pure."""

from __future__ import annotations

import re
import unicodedata

from ivr.understanding.sound import reading
from ivr.understanding.wording import plain

LONGEST = 15
"""Digits of a number (ITU-T E.164)."""

_KANJI = str.maketrans("〇零一二三四五六七八九", "00123456789")
_SPOKEN = {
    "ぜろ": "0", "れー": "0", "れい": "0", "まる": "0", "いち": "1", "いっ": "1", "にー": "2", "に": "2", "さん": "3",
    "よん": "4", "しー": "4", "し": "4", "ごー": "5", "ご": "5", "ろく": "6", "ろっ": "6", "なな": "7", "しち": "7",
    "はち": "8", "はっ": "8", "きゅー": "9", "きゅう": "9", "きゅ": "9", "くー": "9", "く": "9",
}  # fmt: skip
_WORD = re.compile("|".join(sorted(_SPOKEN, key=len, reverse=True)))
_AROUND = re.compile(
    "^はい|電話番号は?|番号は?|連絡先は?|携帯(電話)?は?|自宅は?|市外局番|です(ね|けど|が)?|になります|でお願いします|お願いします|と申します"
)
_BETWEEN = re.compile("[の、]")
_TENS = re.compile("([1-9]?)十([1-9]?)")


def digits(text: str) -> str:
    """The digits of ``text``, "" where it holds something else, or more than a number has."""
    said = plain(unicodedata.normalize("NFKC", text)).translate(_KANJI)
    said = _TENS.sub(lambda found: str(int(found[1] or 1) * 10 + int(found[2] or 0)), _AROUND.sub("", said))
    parts = re.split("([0-9]+)", re.sub(r"[\s\-‐-―−().,。、]", "", said))
    found = "".join(part if part.isdigit() else _spoken(part) for part in parts)
    return found if found and "?" not in found and len(found) <= LONGEST else ""


def _spoken(part: str) -> str:
    """The digits of words; "?" where more than joins them is left."""
    said = reading(part)
    found = "".join(_SPOKEN[word] for word in _WORD.findall(said))
    left = _BETWEEN.sub("", _WORD.sub("", said))
    if found in ("2", "22") and part in ("に", "にに"):  # 0466に25: as の, between the parts
        return ""
    return found if len(left) <= len(found) // 4 else "?"
