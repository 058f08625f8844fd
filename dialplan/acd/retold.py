"""What the distribution remembers, from the log: a controller that goes on for another knows what that one knew. Pure.

The times at which states changed are in the log to the microsecond. An offer says in ``data`` how long the call had
waited and how many operators were on duty; a call that leaves its queue, how long it had waited.
"""

from __future__ import annotations

from datetime import timedelta

from dialplan.acd.pace import Pace
from dialplan.acd.worked import Worked
from kernel.events import Event, EventKind
from kernel.operator import OperatorState, OperatorStatus

ON_DUTY, WAITED = "on_duty", "waited_seconds"
PACED = frozenset({EventKind.CALL_OFFERED, EventKind.CALL_ABANDONED, EventKind.CALL_LOST, EventKind.QUEUE_LEFT})
"""Of these only those count that say how long was waited: an operator who rings beside others is no second hand-over,
and who hangs up while phones ring has not given up."""


class Retold:
    """What was ``worked``, and the ``pace`` of the queues, as far as they were told of it."""

    def __init__(self) -> None:
        self.worked = Worked()
        self.pace = Pace()

    def note(self, event: Event) -> None:
        """The next event of the log; those that say nothing of either are passed over."""
        if event.kind is EventKind.OPERATOR_CHANGED and event.operator:
            self.worked.note(_status(event, event.operator))
        elif event.kind in PACED and event.queue:
            self._pace(event, event.queue)

    def _pace(self, event: Event, queue: str) -> None:
        waited, on_duty = event.data.get(WAITED), event.data.get(ON_DUTY)
        if not isinstance(waited, int | float):
            return
        since = event.at - timedelta(seconds=waited)
        if event.kind is not EventKind.CALL_OFFERED:
            self.pace.gave_up(queue, since, event.at)
        elif isinstance(on_duty, int):
            self.pace.taken(queue, since, on_duty, event.at)


def _status(event: Event, operator: str) -> OperatorStatus:
    return OperatorStatus(operator, OperatorState(str(event.data["state"])), event.at, call=event.call)
