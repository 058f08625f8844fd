from datetime import UTC, date, datetime, time, timedelta

import jpholiday
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.hours import HORIZON_DAYS, WEEKDAYS, is_open, next_opening, periods_on
from kernel.centre import JAPAN, Hours, Period, SpecialDay

DAY = (Period.model_validate("08:30-17:15"),)
LUNCH_BREAK = (Period.model_validate("08:30-12:00"), Period.model_validate("13:00-17:15"))
WEEKDAY_HOURS = Hours(week=dict.fromkeys(WEEKDAYS[:5], DAY))
TUESDAY = date(2026, 11, 24)


def at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), JAPAN)


@pytest.mark.parametrize(
    ("clock", "is_so"),
    [
        ("00:00", False),
        ("08:29:59", False),
        ("08:30", True),
        ("17:14:59.999999", True),
        ("17:15", False),
        ("23:59", False),
    ],
)
def test_the_centre_opens_at_its_first_minute_and_is_closed_from_its_last(clock, is_so):
    assert is_open(WEEKDAY_HOURS, at(TUESDAY, clock)) is is_so


def test_the_lunch_break_between_two_periods_is_closed_and_the_next_opening_is_after_it():
    hours = Hours(week={"tue": LUNCH_BREAK})
    assert not is_open(hours, at(TUESDAY, "12:00"))
    assert next_opening(hours, at(TUESDAY, "12:00")) == at(TUESDAY, "13:00")
    assert is_open(hours, at(TUESDAY, "13:00"))


def test_the_day_is_japans_whatever_zone_the_moment_is_given_in():
    assert is_open(WEEKDAY_HOURS, datetime(2026, 11, 23, 23, 30, tzinfo=UTC))
    assert not is_open(WEEKDAY_HOURS, datetime(2026, 11, 24, 12, 0, tzinfo=UTC))


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        is_open(WEEKDAY_HOURS, datetime(2026, 11, 24, 12))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("day", "what"),
    [
        (date(2026, 11, 23), "勤労感謝の日"),
        (date(2026, 5, 6), "the substitute for Sunday, 3 May"),
        (date(2026, 9, 22), "the day between two holidays"),
        (date(2027, 3, 22), "the substitute for the vernal equinox"),
        (date(2027, 1, 1), "New Year's Day"),
    ],
)
def test_public_holidays_are_closed_with_substitute_and_enclosed_ones(day, what):
    assert day.weekday() < 5
    assert not is_open(WEEKDAY_HOURS, at(day, "10:00")), what


def test_holidays_may_have_hours_of_their_own():
    hours = WEEKDAY_HOURS.model_copy(update={"holidays": (Period.model_validate("10:00-12:00"),)})
    assert is_open(hours, at(date(2026, 11, 23), "11:00"))
    assert not is_open(hours, at(date(2026, 11, 23), "13:00"))


def test_a_dated_opening_wins_over_a_holiday_and_over_the_weekend():
    opened = (SpecialDay(date=date(2026, 11, 23), periods=DAY), SpecialDay(date=date(2026, 11, 22), periods=DAY))
    hours = WEEKDAY_HOURS.model_copy(update={"special": opened})
    assert is_open(hours, at(date(2026, 11, 23), "10:00"))
    assert is_open(hours, at(date(2026, 11, 22), "10:00"))


def test_over_the_turn_of_the_year_the_next_opening_is_the_first_working_day():
    closed = tuple(SpecialDay(date=date(2026, 12, 29) + timedelta(days=ahead)) for ahead in range(6))
    hours = WEEKDAY_HOURS.model_copy(update={"special": closed})
    assert next_opening(hours, at(date(2026, 12, 28), "17:15")) == at(date(2027, 1, 4), "08:30")
    assert not is_open(hours, at(date(2026, 12, 29), "10:00"))


def test_while_it_is_open_the_next_opening_is_now():
    assert next_opening(WEEKDAY_HOURS, at(TUESDAY, "10:00")) == at(TUESDAY, "10:00")


def test_a_period_up_to_midnight_is_open_in_the_last_second_and_closed_on_the_next_day():
    hours = Hours(week={"tue": (Period.model_validate("22:00-24:00"),)})
    assert is_open(hours, at(TUESDAY, "23:59:59"))
    assert not is_open(hours, at(TUESDAY + timedelta(days=1), "00:00"))
    assert next_opening(hours, at(TUESDAY + timedelta(days=1), "00:00")) == at(TUESDAY + timedelta(days=7), "22:00")


def test_a_centre_that_is_open_day_and_night_is_never_closed():
    always = (Period.model_validate("00:00-24:00"),)
    hours = Hours(week=dict.fromkeys(WEEKDAYS, always), holidays=always)
    for moment in (at(TUESDAY, "00:00"), at(TUESDAY, "23:59:59.999999"), at(date(2027, 1, 1), "00:00")):
        assert is_open(hours, moment)


def test_a_centre_with_no_hours_at_all_has_no_next_opening():
    assert next_opening(Hours(week={}), at(TUESDAY, "10:00")) is None


minutes = st.integers(0, 24 * 60 - 1)


@st.composite
def periods(draw: st.DrawFn) -> tuple[Period, ...]:
    marks = sorted(draw(st.sets(minutes, max_size=6)))
    clocks = [time(mark // 60, mark % 60) for mark in marks]
    return tuple(Period(opens=one, closes=other) for one, other in zip(clocks[::2], clocks[1::2], strict=False))


@st.composite
def any_hours(draw: st.DrawFn) -> Hours:
    special = {day: SpecialDay(date=day, periods=draw(periods())) for day in draw(st.lists(days, max_size=5))}
    week = draw(st.dictionaries(st.sampled_from(WEEKDAYS), periods()))
    return Hours(week=week, holidays=draw(periods()), special=tuple(special.values()))


days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(JAPAN))  # noqa: DTZ001


@given(any_hours(), moments)
def test_the_next_opening_is_open_and_no_period_begins_between_now_and_then(hours, now):
    opening = next_opening(hours, now)
    if opening is None:
        reach = range(HORIZON_DAYS)
        assert not any(periods_on(hours, now.date() + timedelta(days=ahead)) for ahead in reach if ahead)
        return
    assert opening >= now
    assert is_open(hours, opening)
    if opening > now:
        assert not is_open(hours, now)
        assert not is_open(hours, opening - timedelta(microseconds=1)) or opening.time() == time()
        between = (now.date() + timedelta(days=ahead) for ahead in range((opening.date() - now.date()).days + 1))
        starts = [datetime.combine(day, one.opens, JAPAN) for day in between for one in periods_on(hours, day)]
        assert not [start for start in starts if now <= start < opening]


@given(any_hours(), moments)
def test_special_days_win_over_holidays_and_holidays_over_the_week(hours, now):
    day = now.date()
    special = {one.date: one.periods for one in hours.special}
    week = hours.week.get(WEEKDAYS[day.weekday()], ())
    expected = special.get(day, hours.holidays if jpholiday.is_holiday(day) else week)
    assert is_open(hours, now) is any(one.opens <= now.time() < one.closes for one in expected)
