"""Keeps telephone numbers out of the log, wherever in a line they stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import date, time, timedelta
from enum import Enum
from pathlib import PurePath
from typing import Any, cast

from kernel.phone_number import PhoneNumber

HIDDEN = "[number]"
FEWEST_DIGITS = 9

_BETWEEN = r"[ \t()\-\u2010-\u2015\u2212\u30fc\u301c~\uff08\uff09\uff0d\u3000]{0,3}"
_NUMBER = rf"(?:\d{_BETWEEN}){{{FEWEST_DIGITS - 1},}}\d"
_KEPT = "|".join(
    (
        r"(?<![\w+])(?:[A-Za-z]\w*-)?1[0-9]{9}\.[0-9]+(?![0-9])",  # a channel's id, as centre-1732459000.12
        r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b",  # a UUID
        r"\b(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})\b",  # a digest, the name of a recording
        r"\b0x[0-9a-f]+\b",  # a place in memory
        r"\b2[0-9]{3}-[01][0-9]-[0-3][0-9][T ][0-2][0-9]:[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]+)?)?",  # a moment
    )
)
_SEARCH = re.compile(rf"(?P<kept>{_KEPT})|{_NUMBER}")
_AS_THEY_ARE = (bool, int, float, date, time, timedelta, type(None))


def redact(text: str) -> str:
    """``text`` with each run of nine digits or more hidden, in full or half width, with separators or without.

    Ids of channels, digests and moments in time stay legible.
    """
    return _SEARCH.sub(lambda found: found["kept"] or HIDDEN, text)


def redacted(value: Any) -> Any:
    """What may be logged of ``value``: texts are searched, collections walked; a record shows its type alone."""
    match value:
        case Mapping():
            items = cast(Mapping[Any, Any], value).items()
            return {redact(str(key)): redacted(one) for key, one in items}
        case list() | tuple() | set() | frozenset():
            return [redacted(one) for one in cast(list[Any], value)]
        case _ if isinstance(value, _AS_THEY_ARE):
            return value
        case _:
            return _as_text(value)


def _as_text(value: Any) -> str:
    if isinstance(value, PhoneNumber):
        return str(value)
    if isinstance(value, str | Enum | PurePath | BaseException):
        return redact(str(value))
    return f"{type(value).__name__}(…)" if is_dataclass(value) else redact(repr(value))
