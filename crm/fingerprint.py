"""Keyed fingerprints: equal values are found in the database, which can't be read without the key (C2, Q2).

Values are brought to one spelling first: wide and narrow, hiragana and katakana, with and without spaces are one.
Who has the database, not the key, learns which rows are alike, and nothing of what they hold.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Callable
from typing import Literal

import jaconv

from crm.keyring import Keyring
from kernel.case import Citizen
from kernel.phone_number import PhoneNumber

Field = Literal["phone", "name", "address", "email", "login", "browser", "recovery", "check"]

_DASHES = re.compile(r"[\u002d\u2010-\u2015\u2212\u30fc\uff0d\uff70](?=\d)")
_BLOCKS = re.compile(r"(?<=\d)(?:丁目|番地の?|番|の)(?=\d)")
_TAIL = re.compile(r"(?<=\d)(?:丁目|番地|番|号)$")
_KANJI_BLOCK = re.compile(r"[一二三四五六七八九](?=丁目)")
_DIGIT = {kanji: str(digit) for digit, kanji in enumerate("一二三四五六七八九", start=1)}


class Fingerprints:
    """Makes fingerprints with one keyring's index key; each field has its own, so that a name never equals a number."""

    def __init__(self, keyring: Keyring) -> None:
        self._key = keyring.index

    def of(self, field: Field, value: str) -> bytes | None:
        """32 bytes, the same for values that mean the same; None for an empty one, which equals nothing."""
        plain = SPELLING.get(field, str)(value)
        return hmac.digest(self._key, f"{field}\0{plain}".encode(), "sha256") if plain else None

    def of_number(self, number: PhoneNumber | None) -> bytes | None:
        return self.of("phone", number.digits) if number else None

    def of_citizen(self, citizen: Citizen) -> dict[Field, bytes | None]:
        """One for each field that makes two cases the same citizen's."""
        return {
            "name": self.of("name", citizen.name),
            "address": self.of("address", citizen.address),
            "email": self.of("email", citizen.email),
            "phone": self.of_number(citizen.phone),
        }


def spell_name(name: str) -> str:
    """One width, one kana, no spaces."""
    return _settled(name, lambda text: "".join(jaconv.kata2hira(unicodedata.normalize("NFKC", text)).lower().split()))


def spell_address(address: str) -> str:
    """As a name, and 一丁目2番地の3 as 1-2-3."""
    plain = _KANJI_BLOCK.sub(lambda found: _DIGIT[found[0]], unicodedata.normalize("NFKC", address))
    plain = _TAIL.sub("", _BLOCKS.sub("-", _DASHES.sub("-", "".join(plain.split()))))
    return spell_name(plain)


def spell_email(email: str) -> str:
    """One width, small letters."""
    return _settled(email, lambda text: unicodedata.normalize("NFKC", text).strip().lower())


def _settled(text: str, step: Callable[[str], str]) -> str:
    """``step``, until it changes nothing more: without the space between them ｶ and ﾞ are one letter, が."""
    while (again := step(text)) != text:
        text = again
    return text


SPELLING: dict[Field, Callable[[str], str]] = {"name": spell_name, "address": spell_address, "email": spell_email}
