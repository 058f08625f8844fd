"""The day's calls by quarters of an hour against what is usual on such a weekday. Pure.

Usual is the median of the same weekday's quarters in the last weeks, from the days that are kept: a holiday or a day of
trouble does not move it, and nothing is counted for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from agent_console.japan_day import day_of, midnight
from kernel.centre import Centre, Period
from kernel.figures import QUARTER, Figures, QueueFigures

WEEKS = 6
"""Looked back at."""

Counts = Mapping[tuple[int, str], float]
"""By the quarter's place in the day (0 to 95) and by queue."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Calls offered in each quarter of an hour from ``begins`` on; ``today`` up to the last whole quarter."""

    queue: str
    label: str
    begins: datetime
    today: tuple[float, ...]
    usual: tuple[float, ...]

    @property
    def times(self) -> tuple[datetime, ...]:
        """When the quarters of either begin."""
        return tuple(self.begins + QUARTER * place for place in range(max(len(self.today), len(self.usual))))


def same_weekdays(today: date) -> tuple[date, ...]:
    """The days that ``today`` is compared with, the latest first."""
    return tuple(today - timedelta(weeks=week) for week in range(1, WEEKS + 1))


def usual(days: Mapping[date, Figures]) -> Counts:
    """The median over those of ``days`` on which anybody called."""
    counted = [counts for day, figures in days.items() if (counts := places(figures.queues, day))]
    keys = {key for counts in counted for key in counts}
    return {key: median(counts.get(key, 0.0) for counts in counted) for key in keys}


def places(quarters: Mapping[tuple[datetime, str], QueueFigures], day: date) -> Counts:
    """Calls offered, by the quarter's place in ``day``."""
    begins = midnight(day)
    return {((at - begins) // QUARTER, queue): float(one.offered) for (at, queue), one in quarters.items()}


def curves(centre: Centre, periods: Sequence[Period], today: Counts, before: Counts, now: datetime) -> list[Curve]:
    """One for each queue, over the quarters of ``periods``, when it is open, and those in which anybody called."""
    named, day = {place for place, _ in (*today, *before)} | set(opening(periods)), day_of(now)
    if not named:
        return []
    first, last = min(named), max(named)
    over = min(last, (now - midnight(day)) // QUARTER - 1)
    return [
        Curve(
            queue.id,
            queue.label,
            midnight(day) + QUARTER * first,
            tuple(today.get((place, queue.id), 0.0) for place in range(first, over + 1)),
            tuple(before.get((place, queue.id), 0.0) for place in range(first, last + 1)) if before else (),
        )
        for queue in centre.queues
    ]


def opening(periods: Sequence[Period]) -> list[int]:
    """The places of the quarters in which the centre is open."""
    return sorted({place for one in periods for place in range(_minutes(one.opens) // 15, -(-_closes(one) // 15))})


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _closes(period: Period) -> int:
    return _minutes(period.closes) or 24 * 60
