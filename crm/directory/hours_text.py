"""An entry's hours as a line of a spreadsheet: 月-金 08:30-12:00 13:00-17:15; 土 09:00-12:00; 祝 09:00-12:00. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from kernel.centre import Hours, Period, Weekday

DAYS: tuple[tuple[str, Weekday], ...] = (
    ("月", "mon"),
    ("火", "tue"),
    ("水", "wed"),
    ("木", "thu"),
    ("金", "fri"),
    ("土", "sat"),
    ("日", "sun"),
)
WEEK: dict[str, Weekday] = dict(DAYS)
HOLIDAY = "祝"
ALWAYS = "24時間"
_RANGE = re.compile(r"([月火水木金土日])-([月火水木金土日])")
_PERIOD = re.compile(r"\d\d:\d\d-\d\d:\d\d", re.ASCII)
_ONE_DIGIT = re.compile(r"(?<!\d)(?=\d:)")
_SIGNS = str.maketrans({"~": "-", "〜": "-", "–": "-", "−": "-", "ー": "-", "、": ";"})


class BadHours(ValueError):
    """The text is in no form of hours; it says how they are written."""

    def __init__(self) -> None:
        super().__init__("受付時間は「月-金 08:30-17:15; 土 09:00-12:00」のように書きます(いつでもは「24時間」)")


def read_hours(text: str) -> Hours | None:
    """The hours that ``text`` says; None for an empty one. Raises BadHours."""
    plain = _ONE_DIGIT.sub("0", unicodedata.normalize("NFKC", text).translate(_SIGNS).strip())
    if not plain:
        return None
    if plain == ALWAYS:
        plain = "月-日 00:00-24:00; 祝 00:00-24:00"
    week: dict[Weekday, tuple[Period, ...]] = {}
    holidays: tuple[Period, ...] = ()
    try:
        for days, periods in _parts(plain):
            week |= {WEEK[day]: periods for day in days if day in WEEK}
            holidays = periods if HOLIDAY in days else holidays
        return Hours(week=week, holidays=holidays)
    except ValueError:
        raise BadHours from None


def write_hours(hours: Hours | None) -> str:
    """As ``read_hours`` reads it; days of the same periods stand together."""
    if hours is None:
        return ""
    by_periods: dict[str, str] = {}
    for day, name in DAYS:
        if periods := hours.week.get(name, ()):
            written = " ".join(map(_period, periods))
            by_periods[written] = by_periods.get(written, "") + day
    if hours.holidays:
        written = " ".join(map(_period, hours.holidays))
        by_periods[written] = by_periods.get(written, "") + HOLIDAY
    said = "; ".join(f"{_days(days)} {periods}" for periods, days in by_periods.items())
    return ALWAYS if said == "月-日祝 00:00-24:00" else said


def _parts(plain: str) -> Iterator[tuple[str, tuple[Period, ...]]]:
    """The days, one letter each, and their periods."""
    for part in plain.split(";"):
        days, *periods = part.split()
        spelt = _RANGE.sub(lambda found: _between(found[1], found[2]), days.replace("・", "").replace(",", ""))
        if not all(map(_PERIOD.fullmatch, periods)) or not periods or not spelt or set(spelt) - {*WEEK, HOLIDAY}:
            raise BadHours
        yield spelt, tuple(Period.model_validate(period) for period in periods)


def _between(first: str, last: str) -> str:
    letters = "".join(WEEK)
    return letters[letters.index(first) : letters.index(last) + 1]


def _days(letters: str) -> str:
    """月-金 for 月火水木金; three or more in a row are a range."""
    week, text = "".join(WEEK), ""
    own = [day for day in letters if day in WEEK]
    while own:
        run = next(size for size in range(len(own), 0, -1) if "".join(own[:size]) in week)
        text += f"{own[0]}-{own[run - 1]}" if run > 2 else "".join(own[:run])
        own = own[run:]
    return text + (HOLIDAY if HOLIDAY in letters else "")


def _period(period: Period) -> str:
    closes = "24:00" if period.closes.hour == period.closes.minute == 0 else f"{period.closes:%H:%M}"
    return f"{period.opens:%H:%M}-{closes}"
