"""Japan's day: the figures of the day begin and end with it (hard case 15)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from kernel.centre import JAPAN


def day_of(moment: datetime) -> date:
    """The date in Japan at ``moment`` (aware)."""
    return moment.astimezone(JAPAN).date()


def midnight(day: date) -> datetime:
    """When ``day`` begins in Japan."""
    return datetime.combine(day, time(), JAPAN)


def next_midnight(now: datetime) -> datetime:
    """When the day after ``now``'s begins in Japan."""
    return midnight(day_of(now) + timedelta(days=1))
