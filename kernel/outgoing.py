"""Whom the centre may ring, and under which number (T10)."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from kernel.document import Number, Value
from kernel.phone_number import PhoneNumber, is_in_japan


def _prefix(text: str) -> str:
    if not (text.isascii() and text.isdigit() and text.startswith("0")):
        raise ValueError(f"{text!r}: the beginning of a number has digits alone, from 0")
    return text


Prefix = Annotated[str, AfterValidator(_prefix)]


class Outgoing(Value):
    """``shows`` is the number that citizens see, one of the centre's; None is the first of them.

    What begins with one of ``never`` is not rung: numbers that cost more than a call or belong to no telephone of a
    citizen. Foreign, short and incomplete numbers never are (``kernel.phone_number.is_in_japan``).
    """

    shows: Number | None = None
    never: tuple[Prefix, ...] = ("0120", "0180", "020", "0570", "0990")

    def allows(self, number: PhoneNumber) -> bool:
        """Whether the centre may ring ``number``."""
        return is_in_japan(number) and not number.digits.startswith(self.never)
