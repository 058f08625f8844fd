"""Figures in the rows of a report, named as the centre names its queues and operators. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from agent_console.figures.span import Span, weekday
from kernel.centre import JAPAN, Centre
from kernel.figures import Figures, OperatorFigures, QueueFigures, summed

F = TypeVar("F", QueueFigures, OperatorFigures)


@dataclass(frozen=True, slots=True)
class Row(Generic[F]):
    """One line of a table; ``time`` is "" in a table of sums.

    ``occupancy``: of a queue, that of the operators who serve it now; of all queues, that of all operators.
    """

    time: str
    label: str
    figures: F
    occupancy: float | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """``times``: all queues together, by quarter of an hour of a day or by day of a month.

    ``queues_by_time`` and ``operators_by_time`` have a line for each time and each queue or operator: the export.
    """

    span: Span
    queues: tuple[Row[QueueFigures], ...]
    total: Row[QueueFigures]
    operators: tuple[Row[OperatorFigures], ...]
    times: tuple[Row[QueueFigures], ...]
    queues_by_time: tuple[Row[QueueFigures], ...]
    operators_by_time: tuple[Row[OperatorFigures], ...]


def report(span: Span, days: Sequence[Figures], centre: Centre) -> Report:
    """The report of ``span``; queues, operators and supervisors that the centre no longer has keep their ids."""
    queues = [item for day in days for item in day.queues.items()]
    operators = [item for day in days for item in day.operators.items()]
    labels = {queue.id: queue.label for queue in centre.queues}
    names = {seat.id: seat.name for seat in (*centre.operators, *centre.supervisors)}
    time = _day if span.is_month else _quarter
    staff = Occupancies(centre, summed(operators, lambda key: ("", key[1])))
    by_time = Occupancies(centre, summed(operators, lambda key: (time(key[0]), key[1])))
    total = sum((figures for _, figures in queues), QueueFigures())
    return Report(
        span=span,
        queues=_sums(queues, labels, staff.of),
        total=Row("", "", total, staff.of("", "")),
        operators=_sums(operators, names, staff.own),
        times=_rows(summed(queues, lambda key: (time(key[0]), "")), {}, by_time.of),
        queues_by_time=_rows(summed(queues, lambda key: (time(key[0]), key[1])), labels, by_time.of),
        operators_by_time=_rows(summed(operators, lambda key: (time(key[0]), key[1])), names, by_time.own),
    )


class Occupancies:
    """Occupancy (稼働率) by time and queue, from the figures of operators by time."""

    def __init__(self, centre: Centre, operators: Mapping[tuple[str, str], OperatorFigures]) -> None:
        self._by_time: defaultdict[str, dict[str, OperatorFigures]] = defaultdict(dict)
        for (time, operator), figures in operators.items():
            self._by_time[time][operator] = figures
        self._serving = {
            queue.id: {seat.id for seat in centre.operators if queue.id in seat.queues} for queue in centre.queues
        }

    def of(self, time: str, queue: str) -> float | None:
        """Of the operators who serve ``queue``, "" for all."""
        there = self._by_time.get(time, {})
        some = [one for id, one in there.items() if not queue or id in self._serving.get(queue, ())]
        return sum(some, OperatorFigures()).occupancy

    def own(self, time: str, operator: str) -> float | None:
        return self._by_time[time][operator].occupancy


Key = tuple[datetime, str]
Occupancy = Callable[[str, str], float | None]


def _sums(figures: Iterable[tuple[Key, F]], labels: Mapping[str, str], occupancy: Occupancy) -> tuple[Row[F], ...]:
    """By queue or operator, in the centre's order, those that it no longer has at the end."""
    sums = summed(figures, lambda key: key[1])
    order = [*(id for id in labels if id in sums), *sorted(sums.keys() - labels.keys())]
    return tuple(Row("", labels.get(id, id), sums[id], occupancy("", id)) for id in order)


def _rows(sums: Mapping[tuple[str, str], F], labels: Mapping[str, str], occupancy: Occupancy) -> tuple[Row[F], ...]:
    return tuple(Row(time, labels.get(id, id), sums[time, id], occupancy(time, id)) for time, id in sorted(sums))


def _quarter(begins: datetime) -> str:
    return f"{begins.astimezone(JAPAN):%H:%M}"


def _day(begins: datetime) -> str:
    day = begins.astimezone(JAPAN).date()
    return f"{day:%m/%d}({weekday(day)})"
