"""通訳の利用 (T11): the table for the invoice, and its CSV. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent_console.figures.export import BYTE_ORDER_MARK, safe
from agent_console.words import LANGUAGES
from crm.figures.interpreting import Use
from kernel.centre import JAPAN

COLUMNS = ("開始", "言語", "電話番号", "秒", "分(切り上げ)", "オペレーター")


@dataclass(frozen=True, slots=True)
class LanguageUse:
    """One language's uses: how often, how long, and in begun minutes, each use by itself."""

    label: str
    times: int
    lasted: timedelta
    minutes: int


def by_language(found: Iterable[Use], now: datetime) -> list[LanguageUse]:
    """In the order of LANGUAGES; a language that was not used is left out."""
    used = list(found)
    return [
        LanguageUse(
            label,
            len(own),
            sum((one.lasted(now) for one in own), timedelta()),
            sum(begun_minutes(one.lasted(now)) for one in own),
        )
        for language, label in LANGUAGES.items()
        if (own := [one for one in used if one.language == language])
    ]


def begun_minutes(lasted: timedelta) -> int:
    """Each minute that has begun counts."""
    return -int(-lasted.total_seconds() // 60)


def interpreting_csv(found: Sequence[Use], names: Mapping[str, str], now: datetime) -> str:
    """A line for each use."""
    text = io.StringIO()
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for one in found:
        lasted, operator = one.lasted(now), one.operator or ""
        cells = [
            f"{one.began.astimezone(JAPAN):%Y-%m-%d %H:%M:%S}",
            LANGUAGES.get(one.language, one.language),
            f"'{one.number}" if one.number else "",
            str(round(lasted.total_seconds())),
            str(begun_minutes(lasted)),
            names.get(operator, operator),
        ]
        writer.writerow([safe(cell) for cell in cells])
    return text.getvalue()
