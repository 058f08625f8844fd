"""Opening hours as Asterisk's dialplan asks for them: a list of times and days, in Japan's time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kernel.centre import Hours, Period

ZONE = "JST-9"
"""Japan's time in POSIX's spelling: needs no time zone files, and Japan has no summer time."""
ALL_DAYS = "*"


@dataclass(frozen=True, slots=True)
class Day:
    """A date that goes not by the week: its open times, none where it is closed all day."""

    pattern: str
    times: tuple[str, ...]


def weekly(hours: Hours) -> tuple[str, ...]:
    """The week, as the first arguments of GotoIfTime."""
    return tuple(time for day, periods in hours.week.items() for time in _times(periods, day))


def exceptions(hours: Hours, holidays: Mapping[date, Sequence[Period]]) -> tuple[Day, ...]:
    """The dates that go not by the week, in order: ``holidays`` and the special days of ``hours``, which win."""
    dated = {**holidays, **{special.date: special.periods for special in hours.special}}
    return tuple(Day(f"{day:%Y%m%d}", tuple(_times(dated[day], ALL_DAYS))) for day in sorted(dated))


def _times(periods: Iterable[Period], day: str) -> Iterable[str]:
    """GotoIfTime counts the last minute that it names; ours is the first one that is closed."""
    for period in periods:
        last = datetime.combine(date.min + timedelta(days=1), period.closes) - timedelta(minutes=1)
        yield f"{period.opens:%H:%M}-{last:%H:%M},{day},*,*,{ZONE}"
