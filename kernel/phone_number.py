"""Telephone numbers as citizens write them and as trunks send them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_SEPARATORS = re.compile(r"[\s().\-\u2010-\u2015\u2212\u30fc\u301c~]")
_DIGITS = re.compile(r"\d{2,15}")
_IN_JAPAN = re.compile(r"0[1-9][1-9]\d{7}|050\d{8}|0[6-9]0[1-9]\d{7}")
_MOBILE = re.compile(r"0[789]0[1-9]\d{7}")
JAPAN = "81"


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A number in one spelling, digits only, as dialled inside Japan (``0466251111``) or ``+`` and country code.

    ``repr`` and ``str`` show the last two digits only, so that no log line can carry a caller's number by accident;
    ``digits`` is the number itself.
    """

    digits: str

    def __repr__(self) -> str:
        return f"PhoneNumber(…{self.digits[-2:]})"

    __str__ = __repr__


def is_in_japan(number: PhoneNumber) -> bool:
    """Whether it can be a subscriber's number in Japan, whole: fixed (10 digits), mobile or IP telephone (11).

    So no foreign one, no short one as 110, none without its area code, no freephone of 0800. By the numbering plan of
    Japan's Ministry of Internal Affairs and Communications (電気通信番号計画).
    """
    return _IN_JAPAN.fullmatch(number.digits) is not None


def is_mobile(number: PhoneNumber) -> bool:
    """Whether it is a mobile telephone's in Japan, which takes an SMS: 070, 080 or 090 (電気通信番号計画)."""
    return _MOBILE.fullmatch(number.digits) is not None


def international(number: PhoneNumber) -> str:
    """``+`` and country code (ITU-T E.164) of a number in Japan, or of a foreign one."""
    return number.digits if number.digits.startswith("+") else f"+{JAPAN}{number.digits.removeprefix('0')}"


class BadNumber(ValueError):
    """What was given can't be a telephone number. The message does not repeat it."""


def normalise(text: str) -> PhoneNumber:
    """Read a number in full or half width, with or without hyphens, national or ``+81``.

    Raises BadNumber where letters remain, or fewer than 2 or more than 15 digits (ITU-T E.164, 6.2.1).
    """
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    foreign = plain.startswith("+")
    digits = plain.removeprefix("+")
    if foreign and digits.startswith(JAPAN):
        foreign, digits = False, "0" + digits.removeprefix(JAPAN).removeprefix("0")
    if not _DIGITS.fullmatch(digits) or not digits.isascii():
        raise BadNumber("a telephone number has 2 to 15 digits; hyphens, spaces and a leading + are allowed")
    return PhoneNumber("+" + digits if foreign else digits)


WITHHELD = frozenset({"", "anonymous", "restricted", "unavailable", "unknown", "withheld", "coinline", "payphone"})


def from_caller_id(text: str | None) -> PhoneNumber | None:
    """The caller's number as the trunk gave it; None where it is withheld or not a number at all."""
    if text is None or text.strip().lower() in WITHHELD:
        return None
    try:
        return normalise(text)
    except BadNumber:
        return None
