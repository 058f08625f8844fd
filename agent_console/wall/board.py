"""The wallboard's content: each queue's waiting calls and the operators by state. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from kernel.call import Call, Stage
from kernel.centre import Centre, Queue
from kernel.figures import QueueFigures
from kernel.operator import OperatorState, OperatorStatus
from kernel.routing import ServiceGoal

ORDER = (
    OperatorState.READY,
    OperatorState.RINGING,
    OperatorState.TALKING,
    OperatorState.ON_HOLD,
    OperatorState.WRAP_UP,
    OperatorState.PAUSED,
    OperatorState.NOT_ANSWERING,
    OperatorState.PHONE_GONE,
    OperatorState.LOGGED_OUT,
)


SHOWN = 8
"""Waiting calls of a queue, the longest first; the count says how many there are."""


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One waiting call; ``rings`` when a phone rings for it just now, ``late`` when it waits beyond the target."""

    id: str
    since: datetime
    rings: bool
    late: bool = False


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One queue. ``longest_since``: its longest waiting call's beginning; ``beyond``: calls that wait too long (T4);
    ``callbacks``: citizens who wait at home to be called back; ``closed``: since when new calls are turned away.
    ``figures``: today's, which ``goal`` is measured by."""

    id: str
    label: str
    target_seconds: float
    waiting: int
    beyond: int
    longest_since: datetime | None
    figures: QueueFigures
    goal: ServiceGoal
    calls: tuple[WaitingRow, ...] = ()
    callbacks: int = 0
    closed: datetime | None = None

    @property
    def level(self) -> float | None:
        """Today's service level as the goal counts it; None before the first call."""
        return self.figures.service_level(self.goal.of)

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached so far."""
        return None if self.level is None else self.level >= self.goal.share


@dataclass(frozen=True, slots=True)
class OperatorRow:
    id: str
    name: str
    extension: str
    state: OperatorState
    reason: str | None
    since: datetime | None
    overrun: bool = False

    @property
    def alarm(self) -> bool:
        """Whether somebody should look after this operator: a pause that ran over, a phone that is gone."""
        return self.overrun or self.state is OperatorState.PHONE_GONE


@dataclass(frozen=True, slots=True)
class Board:
    """``changes`` is when time alone will change it: the next waiting call passes its queue's target."""

    queues: tuple[QueueRow, ...]
    operators: tuple[OperatorRow, ...]
    changes: datetime | None

    def counts(self) -> tuple[tuple[OperatorState, int], ...]:
        """How many operators are in each state."""
        return tuple((state, sum(row.state is state for row in self.operators)) for state in ORDER)


def board(
    centre: Centre,
    calls: Iterable[Call],
    statuses: Iterable[OperatorStatus],
    figures: Mapping[str, QueueFigures],
    now: datetime,
) -> Board:
    """What the wallboard shows at ``now``; ``calls`` are those that wait, on the line or at home."""
    calls = tuple(calls)
    waiting = [call for call in calls if call.stage is Stage.WAIT]
    owed = Counter(call.queue for call in calls if call.stage is Stage.CALL_BACK)
    late_at = [at for queue in centre.queues for at in _late_at(queue, waiting)]
    return Board(
        queues=tuple(_queue_row(queue, waiting, figures, owed[queue.id], now) for queue in centre.queues),
        operators=operator_rows(centre, {status.operator: status for status in statuses}),
        changes=min((at for at in late_at if at > now), default=None),
    )


def _began_to_wait(queue: Queue, waiting: Iterable[Call]) -> list[datetime]:
    return [call.waiting_since for call in waiting if call.queue == queue.id and call.waiting_since]


def _late_at(queue: Queue, waiting: Iterable[Call]) -> list[datetime]:
    target = timedelta(seconds=queue.target_seconds)
    return [since + target for since in _began_to_wait(queue, waiting)]


def _queue_row(
    queue: Queue, waiting: Iterable[Call], figures: Mapping[str, QueueFigures], callbacks: int, now: datetime
) -> QueueRow:
    since = _began_to_wait(queue, waiting)
    return QueueRow(
        id=queue.id,
        label=queue.label,
        target_seconds=queue.target_seconds,
        waiting=len(since),
        beyond=sum(at <= now for at in _late_at(queue, waiting)),
        longest_since=min(since, default=None),
        figures=figures.get(queue.id, QueueFigures()),
        goal=queue.goal,
        calls=_calls(queue, waiting, now),
        callbacks=callbacks,
        closed=queue.closed.at if queue.closed else None,
    )


def _calls(queue: Queue, waiting: Iterable[Call], now: datetime) -> tuple[WaitingRow, ...]:
    late = now - timedelta(seconds=queue.target_seconds)
    rows = [
        WaitingRow(call.id, call.waiting_since, call.offer is not None, call.waiting_since <= late)
        for call in waiting
        if call.queue == queue.id and call.waiting_since
    ]
    return tuple(sorted(rows, key=lambda row: row.since)[:SHOWN])


def operator_rows(centre: Centre, statuses: Mapping[str, OperatorStatus]) -> tuple[OperatorRow, ...]:
    """Every seat with its operator's status, those who work first."""
    rows: list[OperatorRow] = []
    for seat in centre.operators:
        status = statuses.get(seat.id)
        who = seat.id, seat.name, seat.extension
        if status:
            rows.append(OperatorRow(*who, status.state, status.reason, status.since, status.overrun))
        else:
            rows.append(OperatorRow(*who, OperatorState.LOGGED_OUT, None, None))
    return tuple(sorted(rows, key=lambda row: ORDER.index(row.state)))
