"""Figures as they are kept: plain lists, and back. Pure.

A kept day is good only for the rules and the figures with which it was counted: ``shape`` names both, so that a changed
target, or a version that counts something more, counts the day anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from crm.figures.shifts import Shift
from kernel.figures import Figures, OperatorFigures, QueueFigures, Rules, summed

F = TypeVar("F", QueueFigures, OperatorFigures)
MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Plain = dict[str, list[list[Any]]]


def shape(rules: Rules) -> str:
    """What a kept day depends on beside the log."""
    bounds = {queue: [rule.target / MICROSECOND, rule.short / MICROSECOND] for queue, rule in rules.items()}
    names = [[field.name for field in fields(kind)] for kind in (QueueFigures, OperatorFigures)]
    return json.dumps([bounds, names], sort_keys=True)


def plain(figures: Figures) -> Plain:
    """``figures`` as JSON takes them: begin in seconds since 1970, name, then the fields in their order."""
    return {"queues": _rows(figures.queues), "operators": _rows(figures.operators)}


def figures_of(kept: Mapping[str, Sequence[Sequence[Any]]]) -> Figures:
    """What ``plain`` was given."""
    return Figures(_read(QueueFigures, kept["queues"]), _read(OperatorFigures, kept["operators"]))


def plain_shifts(worked: Iterable[Shift]) -> list[list[Any]]:
    """Shifts as JSON takes them: operator, first log-in and last log-out in microseconds, the times."""
    return [
        [
            one.operator,
            _since_1970(one.logged_in),
            one.logged_out and _since_1970(one.logged_out),
            [[state, reason, time // MICROSECOND] for (state, reason), time in one.times.items()],
        ]
        for one in worked
    ]


def shifts_of(kept: Sequence[Sequence[Any]]) -> tuple[Shift, ...]:
    """What ``plain_shifts`` was given."""
    return tuple(
        Shift(
            operator,
            EPOCH + timedelta(microseconds=begins),
            None if ends is None else EPOCH + timedelta(microseconds=ends),
            {(state, reason): timedelta(microseconds=time) for state, reason, time in times},
        )
        for operator, begins, ends, times in kept
    )


def whole_day(figures: Figures, begins: datetime) -> Figures:
    """The day's sums, under the day's beginning."""
    return Figures(
        summed(figures.queues.items(), lambda key: (begins, key[1])),
        summed(figures.operators.items(), lambda key: (begins, key[1])),
    )


def _since_1970(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND


def _rows(figures: Mapping[tuple[datetime, str], F]) -> list[list[Any]]:
    return [
        [int(begins.timestamp()), name, *(_value(getattr(one, field.name)) for field in fields(one))]
        for (begins, name), one in figures.items()
    ]


def _value(value: int | timedelta) -> int:
    return value // MICROSECOND if isinstance(value, timedelta) else value


def _read(kind: type[F], rows: Sequence[Sequence[Any]]) -> dict[tuple[datetime, str], F]:
    times = [isinstance(field.default, timedelta) for field in fields(kind)]
    found: dict[tuple[datetime, str], F] = {}
    for begins, name, *values in rows:
        read: list[Any] = [
            timedelta(microseconds=one) if time else one for one, time in zip(values, times, strict=True)
        ]
        found[datetime.fromtimestamp(begins, UTC), name] = kind(*read)
    return found
