"""The day or the month that a page of figures shows. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from agent_console.japan_day import midnight

WEEKDAYS = "月火水木金土日"


@dataclass(frozen=True, slots=True)
class Span:
    """``days`` days of Japan from ``first`` on: one, or a calendar month."""

    first: date
    days: int

    @property
    def begins(self) -> datetime:
        return midnight(self.first)

    @property
    def ends(self) -> datetime:
        return midnight(self.first + timedelta(days=self.days))

    @property
    def is_month(self) -> bool:
        return self.days > 1

    @property
    def query(self) -> str:
        """As in an address."""
        return f"month={self.first:%Y-%m}" if self.is_month else f"day={self.first:%Y-%m-%d}"

    @property
    def title(self) -> str:
        return f"{self.first:%Y年%-m月}" if self.is_month else f"{self.first:%Y年%-m月%-d日}({weekday(self.first)})"

    @property
    def before(self) -> Span:
        """The day or month before."""
        last = self.first - timedelta(days=1)
        return month_of(last) if self.is_month else day_of(last)

    @property
    def after(self) -> Span:
        """The day or month after."""
        following = self.first + timedelta(days=self.days)
        return month_of(following) if self.is_month else day_of(following)


def day_of(day: date) -> Span:
    return Span(day, 1)


def month_of(day: date) -> Span:
    first = day.replace(day=1)
    return Span(first, ((first + timedelta(days=32)).replace(day=1) - first).days)


def asked(query: Mapping[str, str], today: date) -> Span:
    """What ``day=2026-11-24`` or ``month=2026-11`` asks for, else today. Raises ValueError."""
    span = _asked(query, today)
    if not 2000 <= span.first.year <= today.year + 1:
        raise ValueError("no such year")
    return span


def _asked(query: Mapping[str, str], today: date) -> Span:
    if month := query.get("month"):
        return month_of(date.fromisoformat(f"{month}-01"))
    return day_of(date.fromisoformat(query["day"]) if query.get("day") else today)


def weekday(day: date) -> str:
    """月 for a Monday."""
    return WEEKDAYS[day.weekday()]
