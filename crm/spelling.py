"""One spelling for what people write in many: names, addresses, e-mail addresses. Pure.

Who changes what comes out raises VERSION: stored fingerprints of another version are made anew (``crm.housekeeping``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import jaconv

VERSION = 2

DASHES = "\u002d\u00ad\u02d7\u2010-\u2015\u2043\u2212\u2500\u2501\u30fc\ufe58\ufe63\uff0d\uff70\u301c\uff5e"
LONG_VOWEL = "ー"
_DASH = re.compile(f"[{DASHES}]")
_DASH_OF_NUMBERS = re.compile(rf"(?<=\d)[{DASHES}]+(?=\d)")
_GAP = re.compile(r"(?<=\d)\s+(?=\d)")

_KANJI_DIGITS = {kanji: digit for digit, kanji in enumerate("〇一二三四五六七八九")}
_KANJI = "[〇一二三四五六七八九十百]+"
_KANJI_NUMBER = re.compile(rf"{_KANJI}(?=丁目|番町?|号|番地|の\d|-\d)|(?<=[番地]の){_KANJI}")
_BLOCKS = re.compile(r"(?<=\d)(?:丁目|番地の?|番|号棟?|の)(?=\d)")
_TAIL = re.compile(r"(?<=\d)(?:丁目|番地|番|号室?)$")
_PREFECTURE = re.compile(r"^(?:東京都|北海道|大阪府|京都府|(?:神奈川|和歌山|鹿児島|.{2})県)(?=.+[市区町村])")

VARIANTS = str.maketrans("髙﨑濵濱澤邉邊齋齊斎嶋嶌廣櫻國眞惠德圓ゖゕ", "高崎浜浜沢辺辺斉斉斉島島広桜国真恵徳円けか")
"""Letters of one name that registers, keyboards and people write in two ways, and small ヶ, ヵ (as hiragana)."""


def spell_name(name: str) -> str:
    """One width, one kana, one form of a letter, any dash as ー, no spaces."""
    return _settled(name, lambda text: _plain(_DASH.sub(LONG_VOWEL, _one_width(text))))


def spell_address(address: str) -> str:
    """As a name, without the prefecture, and 一丁目2番地の3 as 1-2-3."""
    return _settled(address, _address)


def spell_email(email: str) -> str:
    """One width, small letters, no spaces."""
    return _settled(email, lambda text: "".join(_one_width(text).lower().split()))


def kanji_number(text: str) -> int:
    """十二 as 12, 二〇三 as 203; a place that is written twice (十十) counts twice."""
    if not set(text) & set("十百"):
        return int("".join(str(_KANJI_DIGITS[one]) for one in text))
    total, ahead = 0, 0
    for one in text:
        if one in _KANJI_DIGITS:
            ahead = 10 * ahead + _KANJI_DIGITS[one]
        else:
            total, ahead = total + (ahead or 1) * (10 if one == "十" else 100), 0
    return total + ahead


def _address(text: str) -> str:
    plain = "".join(_GAP.sub("-", _one_width(text)).split())
    plain = _KANJI_NUMBER.sub(lambda found: str(kanji_number(found[0])), plain)
    plain = _TAIL.sub("", _BLOCKS.sub("-", _DASH_OF_NUMBERS.sub("-", plain)))
    parts = re.split(r"((?<=\d)-(?=\d))", plain)
    spelt = "".join(part if part == "-" else _plain(_DASH.sub(LONG_VOWEL, part)) for part in parts)
    return _PREFECTURE.sub("", spelt)


def _one_width(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _plain(text: str) -> str:
    kana: str = jaconv.kata2hira(text)
    return "".join(kana.lower().split()).translate(VARIANTS)


def _settled(text: str, step: Callable[[str], str]) -> str:
    """``step``, until it changes nothing more: without the space between them ｶ and ﾞ are one letter, が."""
    while (again := step(text)) != text:
        text = again
    return text
