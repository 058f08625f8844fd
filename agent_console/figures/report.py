"""Figures in the rows of a report, named as the centre names its queues and operators. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from agent_console.figures.span import Span, weekday
from kernel.centre import JAPAN, Centre
from kernel.figures import Figures, OperatorFigures, QueueFigures, summed

F = TypeVar("F", QueueFigures, OperatorFigures)


@dataclass(frozen=True, slots=True)
class Row(Generic[F]):
    """One line of a table; ``time`` is "" in a table of sums."""

    time: str
    label: str
    figures: F


@dataclass(frozen=True, slots=True)
class Report:
    """``times``: all queues together, by quarter of an hour of a day or by day of a month.

    ``queues_by_time`` and ``operators_by_time`` have a line for each time and each queue or operator: the export.
    """

    span: Span
    queues: tuple[Row[QueueFigures], ...]
    total: QueueFigures
    operators: tuple[Row[OperatorFigures], ...]
    times: tuple[Row[QueueFigures], ...]
    queues_by_time: tuple[Row[QueueFigures], ...]
    operators_by_time: tuple[Row[OperatorFigures], ...]


def report(span: Span, days: Sequence[Figures], centre: Centre) -> Report:
    """The report of ``span``; queues and operators that the centre no longer has keep their ids."""
    queues = [item for day in days for item in day.queues.items()]
    operators = [item for day in days for item in day.operators.items()]
    labels = {queue.id: queue.label for queue in centre.queues}
    names = {seat.id: seat.name for seat in centre.operators}
    time = _day if span.is_month else _quarter
    return Report(
        span=span,
        queues=_sums(queues, labels),
        total=sum((figures for _, figures in queues), QueueFigures()),
        operators=_sums(operators, names),
        times=_rows(summed(queues, lambda key: (time(key[0]), "")), {}),
        queues_by_time=_rows(summed(queues, lambda key: (time(key[0]), key[1])), labels),
        operators_by_time=_rows(summed(operators, lambda key: (time(key[0]), key[1])), names),
    )


Key = tuple[datetime, str]


def _sums(figures: Iterable[tuple[Key, F]], labels: Mapping[str, str]) -> tuple[Row[F], ...]:
    """By queue or operator, in the centre's order, those that it no longer has at the end."""
    sums = summed(figures, lambda key: key[1])
    order = [*(id for id in labels if id in sums), *sorted(sums.keys() - labels.keys())]
    return tuple(Row("", labels.get(id, id), sums[id]) for id in order)


def _rows(sums: Mapping[tuple[str, str], F], labels: Mapping[str, str]) -> tuple[Row[F], ...]:
    return tuple(Row(time, labels.get(id, id), sums[time, id]) for time, id in sorted(sums))


def _quarter(begins: datetime) -> str:
    return f"{begins.astimezone(JAPAN):%H:%M}"


def _day(begins: datetime) -> str:
    day = begins.astimezone(JAPAN).date()
    return f"{day:%m/%d}({weekday(day)})"
