"""Who is where: the calls that wait and the operators who could take them. Pure: no clock, no I/O."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from kernel.centre import OperatorSeat
from kernel.operator import OperatorState, OperatorStatus


@dataclass(frozen=True, slots=True, order=True)
class Waiting:
    """A call's place: who has waited longer comes first; the id decides between equals."""

    since: datetime
    call: str
    queue: str


@dataclass(frozen=True, slots=True, order=True)
class Ready:
    """An operator who can be offered a call; who has been idle longer comes first."""

    since: datetime
    operator: str


class Floor:
    """The places of calls and operators, kept in order, so that a decision looks at the heads of the queues only.

    An operator is ready when logged in, in the state READY, with a reachable phone, at a seat of the present centre.
    """

    def __init__(self, seats: Iterable[OperatorSeat] = ()) -> None:
        self._seats = {seat.id: seat for seat in seats}
        self._waiting: dict[str, Waiting] = {}
        self._queues: dict[str, list[Waiting]] = {}
        self._statuses: dict[str, OperatorStatus] = {}
        self._unreachable: set[str] = set()
        self._ready: dict[str, list[Ready]] = {}

    def arrange(self, seats: Iterable[OperatorSeat]) -> None:
        """Take the seats of a changed centre; statuses stay."""
        self._seats = {seat.id: seat for seat in seats}
        self._ready = {}
        for status in self._statuses.values():
            self._enter(status)

    def wait(self, place: Waiting) -> None:
        """Put a call into its queue; again is harmless, another queue moves it."""
        self.leave(place.call)
        self._waiting[place.call] = place
        insort(self._queues.setdefault(place.queue, []), place)

    def leave(self, call: str) -> None:
        """Take a call out of its queue; harmless when it is in none."""
        if place := self._waiting.pop(call, None):
            queue = self._queues[place.queue]
            del queue[bisect_left(queue, place)]

    def set(self, status: OperatorStatus) -> None:
        """What an operator does now."""
        self._withdraw(status.operator)
        self._statuses[status.operator] = status
        self._enter(status)

    def reach(self, extension: str, reachable: bool) -> None:
        """Whether the phone ``extension`` can be rung; a phone is taken as reachable until the contrary is known."""
        (self._unreachable.discard if reachable else self._unreachable.add)(extension)
        for seat in self._seats.values():
            if seat.extension == extension and (status := self._statuses.get(seat.id)):
                self._withdraw(seat.id)
                self._enter(status)

    def status(self, operator: str) -> OperatorStatus | None:
        """The operator's present status; None for one who was never seen."""
        return self._statuses.get(operator)

    def statuses(self) -> Iterator[OperatorStatus]:
        """All statuses, in no order."""
        return iter(self._statuses.values())

    def seat(self, operator: str) -> OperatorSeat | None:
        """The operator's seat in the present centre."""
        return self._seats.get(operator)

    def reachable(self, operator: str) -> bool:
        """Whether the operator's phone can be rung."""
        seat = self._seats.get(operator)
        return seat is not None and seat.extension not in self._unreachable

    def heads(self) -> list[Waiting]:
        """The first of each queue, longest wait first."""
        return sorted(queue[0] for queue in self._queues.values() if queue)

    def first_ready(self, queue: str) -> Ready | None:
        """The longest idle operator who serves ``queue``."""
        ready = self._ready.get(queue)
        return ready[0] if ready else None

    def position(self, call: str) -> int | None:
        """The call's place in its queue, from 1; None when it waits in none."""
        place = self._waiting.get(call)
        return None if place is None else bisect_left(self._queues[place.queue], place) + 1

    def length(self, queue: str) -> int:
        """How many calls wait in ``queue``."""
        return len(self._queues.get(queue, ()))

    def _enter(self, status: OperatorStatus) -> None:
        seat = self._seats.get(status.operator)
        if seat and status.state is OperatorState.READY and seat.extension not in self._unreachable:
            for queue in seat.queues:
                insort(self._ready.setdefault(queue, []), Ready(status.since, status.operator))

    def _withdraw(self, operator: str) -> None:
        status = self._statuses.get(operator)
        if status is None:
            return
        one = Ready(status.since, operator)
        for ready in self._ready.values():
            at = bisect_left(ready, one)
            if at < len(ready) and ready[at] == one:
                del ready[at]
