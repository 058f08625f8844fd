"""The platform's own call distribution, set up for one queue and a number of operators who all serve it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from dialplan.acd.floor import Floor, Waiting
from dialplan.acd.policy import Match, next_decision
from kernel.centre import OperatorSeat, Queue
from kernel.operator import OperatorState, OperatorStatus

QUEUE = "calls"


class SimulatedFloor:
    """All operators are ready at the beginning. Everything else is the floor's and the policy's business."""

    def __init__(self, operators: int, now: datetime) -> None:
        seats = [
            OperatorSeat(id=f"op{number}", name=f"op{number}", extension=f"{10_000 + number}", queues=(QUEUE,))
            for number in range(operators)
        ]
        self._floor = Floor(seats, [Queue(id=QUEUE, label=QUEUE, limit=1_000_000)])
        for seat in seats:
            self._floor.set(OperatorStatus(seat.id, OperatorState.READY, now))

    def waits(self, call: str, now: datetime) -> None:
        """A call comes into the queue."""
        self._floor.wait(Waiting(now, call, QUEUE))

    def gives_up(self, call: str) -> None:
        """A call leaves the queue."""
        self._floor.leave(call)

    def is_free(self, operator: str, now: datetime) -> None:
        """An operator has finished a call."""
        self._floor.set(OperatorStatus(operator, OperatorState.READY, now))

    def answers(self, now: datetime) -> Iterator[tuple[str, str]]:
        """Each call that is distributed now, and the operator who answers it at once."""
        while isinstance(match := next_decision(self._floor, now), Match):
            call, operator = match.waiting.call, match.operators[0]
            self._floor.leave(call)
            self._floor.set(OperatorStatus(operator, OperatorState.TALKING, now, call=call))
            yield call, operator
