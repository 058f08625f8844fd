"""Whom the centre may ring, and under which number (T10)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from kernel.document import Extension, Id, Number, Value, Word
from kernel.phone_number import PhoneNumber, is_in_japan

WITHHOLD = "184"
"""The prefix by which NTT's networks withhold the caller's number for one call (発信者番号非通知)."""
ABROAD = "010"
"""The prefix of international calls from Japan."""


def _prefix(text: str) -> str:
    if not (text.isascii() and text.isdigit() and text.startswith("0")):
        raise ValueError(f"{text!r}: the beginning of a number has digits alone, from 0")
    return text


def _country(text: str) -> str:
    if not (text.startswith("+") and text[1:].isascii() and text[1:].isdigit()) or text.startswith("+81"):
        raise ValueError(f"{text!r}: the beginning of a foreign number is written +1, not +81, which is Japan's")
    return text


Prefix = Annotated[str, AfterValidator(_prefix)]
Country = Annotated[str, AfterValidator(_country)]


class Purpose(Value):
    """What operators call for (発信目的), and the number that the citizen sees: one that the centre owns.

    ``shows`` None is the number of callbacks. ``withheld``: the citizen sees none, for this purpose alone. ``queue``
    sets how the talk is written up and held; None: the first that the operator serves.
    """

    id: Id
    label: Word
    shows: Number | None = None
    withheld: bool = False
    queue: Id | None = None


DEFAULT_PURPOSE = Purpose(id="contact", label="連絡")


class Outgoing(Value):
    """``shows`` is the number that citizens see, one that the centre owns; None is the first of its numbers.

    ``owns`` are numbers of the centre that nobody dials it by, such as 050 or 0120. What begins with one of ``never``
    is not rung: numbers that cost more than a call or belong to no telephone of a citizen; nor are short and incomplete
    ones, nor foreign ones, save that operators may ring those that begin with one of ``abroad``. At most ``a_day``
    calls are made by all operators on a day of Japan, and ``a_day_each`` by one.

    The city's phones show ``internal_extension``, the centre's own in the city's PBX (T6); without it the one that the
    installation's settings name. In an attended transfer they also show, as a name, the caller's number, never one that
    is withheld, where ``attended_shows`` says so. A department rings for ``hand_over_seconds``.
    """

    shows: Number | None = None
    owns: tuple[Number, ...] = ()
    never: tuple[Prefix, ...] = ("0120", "0180", "020", "0570", "0990")
    abroad: tuple[Country, ...] = ()
    purposes: Annotated[tuple[Purpose, ...], Field(min_length=1)] = (DEFAULT_PURPOSE,)
    a_day: int = Field(default=500, ge=0)
    a_day_each: int = Field(default=150, ge=0)
    ring_seconds: int = Field(default=45, ge=10, le=120)
    internal_extension: Extension | None = None
    attended_shows: Literal["extension", "caller"] = "extension"
    hand_over_seconds: int = Field(default=30, ge=5, le=120)

    def allows(self, number: PhoneNumber) -> bool:
        """Whether the centre may ring ``number`` to call a citizen back."""
        return is_in_japan(number) and not number.digits.startswith(self.never)

    def allows_operators(self, number: PhoneNumber) -> bool:
        """Whether operators may ring ``number``."""
        return self.allows(number) or (bool(self.abroad) and number.digits.startswith(self.abroad))

    def purpose(self, id: str) -> Purpose | None:
        """The purpose of that id, or None where there is none."""
        return next((purpose for purpose in self.purposes if purpose.id == id), None)


def dialled(number: PhoneNumber, purpose: Purpose) -> str:
    """What is dialled at the trunk to ring ``number``."""
    digits = ABROAD + number.digits[1:] if number.digits.startswith("+") else number.digits
    return WITHHOLD + digits if purpose.withheld else digits
