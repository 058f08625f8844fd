"""The forms in which the centre's document writes single values."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints


def _written(pattern: str, rule: str) -> AfterValidator:
    """Text of one form, with an error that says ``rule`` and not a regular expression."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text, re.ASCII):
            raise ValueError(f"{text!r}: {rule}")
        return text

    return AfterValidator(check)


Id = Annotated[str, _written(r"[a-z0-9][a-z0-9-]{0,31}", "an id has 1 to 32 small letters, digits and hyphens")]
Extension = Annotated[str, _written(r"\d{2,8}", "an extension has 2 to 8 digits")]
Number = Annotated[str, _written(r"0\d{8,10}", "a number is written 0466251111: from 0, 9 to 11 digits, no hyphens")]
Key = Annotated[str, _written(r"[0-9*#]", "a key is one of 0 to 9, * and #")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=32)]


class Value(BaseModel):
    """A part of the document: it never changes, and a key that nobody knows is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")
