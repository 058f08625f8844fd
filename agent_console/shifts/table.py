"""Shifts as a table: a line for each day and operator, a column for each state and each reason of a pause. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from agent_console.figures.export import BYTE_ORDER_MARK, safe
from agent_console.figures.span import Span, weekday
from crm.figures.shifts import Doing, Shift
from kernel.centre import JAPAN, Centre

BEFORE_PAUSES: Mapping[str, str] = {
    "ready": "受付可",
    "ringing": "着信",
    "talking": "通話",
    "on_hold": "保留",
    "wrap_up": "後処理",
}
AFTER_PAUSES: Mapping[str, str] = {"not_answering": "離席扱い", "phone_gone": "電話機未登録"}
NO_REASON = "離席(理由なし)"
OTHER = "その他"


@dataclass(frozen=True, slots=True)
class Line:
    """One operator's day, with times of the clock in Japan."""

    day: str
    name: str
    logged_in: str
    logged_out: str
    total: timedelta
    times: tuple[timedelta, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """``columns`` name the ``times`` of each line, which add up to its ``total``."""

    span: Span
    columns: tuple[str, ...]
    lines: tuple[Line, ...]


def table(span: Span, days: Sequence[Iterable[Shift]], centre: Centre, now: datetime) -> Table:
    """The shifts of ``span``, day by day."""
    names = {seat.id: seat.name for seat in centre.operators}
    worked = [(place, one) for place, day in enumerate(days) for one in day]
    columns = _columns({doing for _, one in worked for doing in one.times}, centre)
    lines = [_line(span.first + timedelta(days=place), one, names, tuple(columns), now) for place, one in worked]
    return Table(span, tuple(columns), tuple(lines))


def _columns(seen: Iterable[Doing], centre: Centre) -> list[str]:
    labels = {_label(doing) for doing in seen}
    known = [*BEFORE_PAUSES.values(), *centre.pause_reasons, NO_REASON, *AFTER_PAUSES.values(), OTHER]
    gone = sorted(labels - set(known))
    fixed = {*BEFORE_PAUSES.values(), *centre.pause_reasons}
    return [label for label in [*known, *gone] if label in fixed or label in labels]


def _label(doing: Doing) -> str:
    state, reason = doing
    if state == "paused":
        return reason or NO_REASON
    return BEFORE_PAUSES.get(state) or AFTER_PAUSES.get(state, OTHER)


def _line(day: date, one: Shift, names: Mapping[str, str], columns: tuple[str, ...], now: datetime) -> Line:
    sums = dict.fromkeys(columns, timedelta())
    for doing, time in one.times.items():
        sums[_label(doing)] += time
    before = one.logged_in.astimezone(JAPAN)
    if one.logged_out:
        out = f"{one.logged_out.astimezone(JAPAN):%H:%M:%S}"
    else:
        out = "勤務中" if day == now.astimezone(JAPAN).date() else "翌日へ"
    return Line(
        day=f"{day:%Y/%m/%d}({weekday(day)})",
        name=names.get(one.operator, one.operator),
        logged_in=f"{before:%H:%M:%S}",
        logged_out=out,
        total=one.total,
        times=tuple(sums.values()),
    )


def shifts_csv(shown: Table) -> str:
    """Times in seconds, to the microsecond where there are some."""
    text = io.StringIO()
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text)
    writer.writerow(["日", "氏名", "出勤", "退勤", "勤務(秒)", *(safe(f"{column}(秒)") for column in shown.columns)])
    for line in shown.lines:
        times = [_seconds(time) for time in (line.total, *line.times)]
        writer.writerow([line.day, safe(line.name), line.logged_in, line.logged_out, *times])
    return text.getvalue()


def _seconds(time: timedelta) -> str:
    return f"{time.total_seconds():.6f}".rstrip("0").rstrip(".")
