"""What a supervisor can act on: queues, waiting calls, operators, and talks with who is at them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from agent_console.wall.board import OperatorRow, operator_rows
from kernel.call import Call, Stage
from kernel.centre import Centre
from kernel.monitor import MonitorMode
from kernel.operator import OperatorState, OperatorStatus

TALKS = frozenset({Stage.TALK, Stage.CONSULT})


@dataclass(frozen=True, slots=True)
class QueueState:
    """``closed_by`` and ``closed_at`` where new calls are turned away."""

    id: str
    label: str
    closed_by: str | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A waiting call: ``rings``: an operator is being rung for it; ``assigned`` is whom it waits for."""

    call: str
    queue: str
    label: str
    since: datetime | None
    rings: bool
    assigned: str | None


@dataclass(frozen=True, slots=True)
class TalkRow:
    """``taken``: a supervisor has taken the call over. ``supervisor`` is at the talk, in the way ``mode``."""

    call: str
    label: str
    talker: str
    taken: bool
    since: datetime | None
    supervisor: str | None
    mode: MonitorMode | None


@dataclass(frozen=True, slots=True)
class Supervision:
    queues: tuple[QueueState, ...]
    waiting: tuple[WaitingRow, ...]
    talks: tuple[TalkRow, ...]
    operators: tuple[OperatorRow, ...]
    pause_reasons: tuple[str, ...]

    @property
    def seats(self) -> tuple[OperatorRow, ...]:
        """Those whom a call can be given, in an order that does not change while somebody chooses."""
        here = (one for one in self.operators if one.state is not OperatorState.LOGGED_OUT)
        return tuple(sorted(here, key=lambda one: one.extension))


def supervision(
    centre: Centre, calls: Iterable[Call], statuses: Iterable[OperatorStatus], names: Mapping[str, str]
) -> Supervision:
    """``calls`` are those that wait and talk, ``names`` are of users."""
    calls = tuple(calls)
    labels = {queue.id: queue.label for queue in centre.queues}
    known = {**names, **{seat.id: seat.name for seat in (*centre.supervisors, *centre.operators)}}
    return Supervision(
        queues=tuple(
            QueueState(
                queue.id,
                queue.label,
                known.get(queue.closed.by, queue.closed.by) if queue.closed else None,
                queue.closed.at if queue.closed else None,
            )
            for queue in centre.queues
        ),
        waiting=tuple(_waiting(call, labels, known) for call in calls if call.stage is Stage.WAIT),
        talks=tuple(_talk(call, centre, labels, known) for call in calls if call.stage in TALKS),
        operators=operator_rows(centre, {status.operator: status for status in statuses}),
        pause_reasons=centre.pause_reasons,
    )


def _waiting(call: Call, labels: Mapping[str, str], names: Mapping[str, str]) -> WaitingRow:
    queue = call.queue or ""
    assigned = names.get(call.assigned, call.assigned) if call.assigned else None
    return WaitingRow(call.id, queue, labels.get(queue, queue), call.waiting_since, call.offer is not None, assigned)


def _talk(call: Call, centre: Centre, labels: Mapping[str, str], names: Mapping[str, str]) -> TalkRow:
    queue, operator, monitor = call.queue or "", call.operator or "", call.monitor
    return TalkRow(
        call=call.id,
        label=labels.get(queue, queue),
        talker=names.get(operator, operator),
        taken=centre.operator(operator) is None,
        since=call.answered,
        supervisor=names.get(monitor.supervisor, monitor.supervisor) if monitor else None,
        mode=monitor.mode if monitor else None,
    )
