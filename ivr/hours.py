"""Whether the centre is open, and when it opens next. Pure: the moment is an argument; the days are Japan's."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import jpholiday

from kernel.centre import JAPAN, MIDNIGHT, Hours, Period, Weekday

WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HORIZON_DAYS = 400


def periods_on(hours: Hours, day: date) -> tuple[Period, ...]:
    """The open periods of ``day``: a dated exception wins over a public holiday, which wins over the week.

    Public holidays are those of Japan's holiday law, with substitute (振替休日) and enclosed (国民の休日) ones.
    """
    for special in hours.special:
        if special.date == day:
            return special.periods
    if jpholiday.is_holiday(day):
        return hours.holidays
    return hours.week.get(WEEKDAYS[day.weekday()], ())


def is_open(hours: Hours, now: datetime) -> bool:
    """Whether the centre is open at ``now`` (aware, any zone); at the minute of closing it is not."""
    there = _in_japan(now)
    return any(period.covers(there.time()) for period in periods_on(hours, there.date()))


def hours_of(own: Hours | None, centre: Hours) -> Hours:
    """When somebody is there who has hours of one's ``own``, or the centre's.

    The centre's dated exceptions (年末年始) hold for who closes on public holidays, too.
    """
    if own is None:
        return centre
    return own if own.holidays else own.model_copy(update={"special": centre.special})


def next_opening(hours: Hours, now: datetime) -> datetime | None:
    """The first moment from ``now`` on at which the centre is open, Japan's zone; ``now`` itself while it is open.

    None where it does not open within 400 days.
    """
    there = _in_japan(now)
    if is_open(hours, now):
        return there
    openings = (
        datetime.combine(day, period.opens, JAPAN)
        for day in (there.date() + timedelta(days=ahead) for ahead in range(HORIZON_DAYS + 1))
        for period in sorted(periods_on(hours, day), key=lambda period: period.opens)
    )
    return next((opening for opening in openings if opening >= there), None)


def opens_in(hours: Hours, now: datetime) -> float | None:
    """Seconds until the centre opens, 0 while it is open; None where it does not open within 400 days."""
    opening = next_opening(hours, now)
    return None if opening is None else max(0.0, (opening - now).total_seconds())


def closes_in(hours: Hours, now: datetime) -> float:
    """Seconds until the open period that holds ``now`` ends; 0 while the centre is closed."""
    there = _in_japan(now)
    period = next((one for one in periods_on(hours, there.date()) if one.covers(there.time())), None)
    if period is None:
        return 0.0
    day = there.date() + timedelta(days=int(period.closes == MIDNIGHT))
    return (datetime.combine(day, period.closes, JAPAN) - there).total_seconds()


def _in_japan(now: datetime) -> datetime:
    if now.tzinfo is None:
        raise ValueError("the moment needs a time zone: the centre's days are Japan's")
    return now.astimezone(JAPAN)
