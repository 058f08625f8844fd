"""Who is where: the calls that wait and the operators who could take them. Pure: no clock, no I/O.

The floor remembers which lines of calls may have something to be decided (*stirred*): those whose head is new, who got
a ready operator, or whose time has come. All others were looked at and found to wait. So a decision costs what has
changed, not what there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from dialplan.acd.alarms import Alarms
from dialplan.acd.rules import Rules
from dialplan.acd.staff import Staff
from dialplan.acd.waiting import Line, Waiting, Waitings
from dialplan.acd.worked import Worked
from kernel.operator import OperatorStatus
from kernel.routing import OperatorSeat, Queue

__all__ = ["Floor", "Waiting"]


class Floor:
    """Calls and operators, kept in order. Times are aware; ``now`` never lies before an earlier one, or little.

    An operator is ready when logged in, in the state READY, with a reachable phone, at a seat of the present centre.
    A queue that was removed has the general settings and nobody who serves it; who waits there is displaced.
    """

    def __init__(
        self, seats: Iterable[OperatorSeat] = (), queues: Iterable[Queue] = (), worked: Worked | None = None
    ) -> None:
        self.staff = Staff(worked)
        self.calls = Waitings()
        self._alarms = Alarms()
        self._stirred: dict[Line, None] = {}
        self._rules: dict[str, Rules] = {}
        self._queues: frozenset[str] = frozenset()
        self._unstaffed: dict[str, datetime] = {}
        self._for: dict[str, set[str]] = {}
        self.arrange(seats, queues)

    def arrange(self, seats: Iterable[OperatorSeat], queues: Iterable[Queue]) -> None:
        """Take the seats and queues of a changed centre; statuses and places stay."""
        seats = tuple(seats)
        named = {queue: Queue(id=queue, label=queue) for seat in seats for queue in seat.queues}
        self._rules = {queue.id: Rules.of(queue) for queue in (named | {queue.id: queue for queue in queues}).values()}
        self._queues = frozenset(self._rules)
        self.staff.arrange(seats, self._rules)
        self._note_staff(self._rules)
        for queue in list(self.calls.queues()):
            self._stir(queue)
        for operator in list(self._for):
            self._sort_again(operator)

    def wait(self, place: Waiting) -> None:
        """Put a call into its queue; again is harmless, another queue moves it."""
        self.leave(place.call)
        if place.assigned and self.staff.at_work(place.assigned):
            line = self.calls.enter(place, place.assigned, bound=True)
        else:
            line = self.calls.enter(place, place.last if self._may_wait_for(place) else None)
        if self.calls.head(line) is place:
            self._stirred[line] = None
        for operator in _waited_for(place):
            self._for.setdefault(operator, set()).add(place.call)

    def leave(self, call: str) -> None:
        """Take a call out of its queue; harmless when it is in none."""
        place = self.calls.place(call)
        for operator in _waited_for(place) if place else ():
            self._for[operator].discard(call)
            if not self._for[operator]:
                del self._for[operator]
        if line := self.calls.leave(call):
            self._touch(line)

    def set(self, status: OperatorStatus) -> None:
        """What an operator does now."""
        self.staff.set(status)
        self._enter(status.operator)

    def reach(self, extension: str, reachable: bool) -> None:
        """Whether the phone ``extension`` can be rung; a phone is taken as reachable until the contrary is known."""
        for operator in self.staff.reach(extension, reachable):
            self._enter(operator)

    def _enter(self, operator: str) -> None:
        """Let an operator count again, and look at whom it concerns."""
        if self.staff.enter(operator):
            queues = self.staff.queues(operator)
            self._note_staff(queues)
            for queue in queues:
                if not self.staff.on_duty(queue):
                    self._stir(queue)
            self._sort_again(operator)
        if self.staff.ready.has(operator):
            for queue in self.staff.queues(operator):
                self._stirred.update((line, None) for line in self.calls.lines(queue) if line.only in (None, operator))
            lines = (self.calls.line(call) for call in self._for.get(operator, ()))
            self._stirred.update((line, None) for line in lines if line.only == operator)

    def _note_staff(self, queues: Iterable[str]) -> None:
        for queue in queues:
            if self.staff.on_duty(queue):
                self._unstaffed.pop(queue, None)

    def advance(self, now: datetime) -> None:
        """Notice what time alone has changed."""
        for line in self._alarms.due(now):
            self._touch(line)

    def stirred(self, now: datetime) -> list[Line]:
        """The lines to be looked at, the one whose head comes first before the others."""
        for line in [line for line in self._stirred if line.only and not line.bound]:
            self._give_up_hope(line, now)
        if len(self._stirred) < 2:
            return list(self._stirred)
        return sorted(self._stirred, key=lambda line: self._order(line, now))

    def settle(self, line: Line, now: datetime, *alarms: datetime) -> None:
        """Nothing is to be done for ``line`` until something changes, or until the first of ``alarms``."""
        self._stirred.pop(line, None)
        self._alarms.set(line, min((at for at in alarms if at > now), default=None) if alarms else None)

    def next_change(self) -> datetime | None:
        """When to decide again though nothing happens; None: when something happens.

        Priorities that age need no such moment: they order calls for whom nobody is there as yet.
        """
        return self._alarms.next()

    def has_queue(self, queue: str) -> bool:
        """Whether the present centre has ``queue``; a call can go on waiting in no other."""
        return queue in self._queues

    def rules(self, queue: str) -> Rules:
        """The settings of ``queue``, the general ones where it no longer exists."""
        if queue not in self._rules:
            self._rules[queue] = Rules.of(Queue(id=queue, label=queue))
        return self._rules[queue]

    def unstaffed_since(self, queue: str, now: datetime) -> datetime | None:
        """Since when nobody is at work for ``queue``, as far as decisions have seen it; None when somebody is."""
        return None if self.staff.on_duty(queue) else self._unstaffed.setdefault(queue, now)

    def position(self, call: str, now: datetime) -> int | None:
        """The call's place in its queue, from 1; None when it waits in none."""
        place = self.calls.place(call)
        return None if place is None else self.calls.ahead(call, self.rules(place.queue), now) + 1

    def length(self, queue: str) -> int:
        """How many calls wait in ``queue``."""
        return self.calls.length(queue)

    def status(self, operator: str) -> OperatorStatus | None:
        """The operator's present status; None for one who was never seen."""
        return self.staff.status(operator)

    def statuses(self) -> Iterator[OperatorStatus]:
        """All statuses, in no order."""
        return self.staff.statuses()

    def seat(self, operator: str) -> OperatorSeat | None:
        """The operator's seat in the present centre."""
        return self.staff.seat(operator)

    def reachable(self, operator: str) -> bool:
        """Whether the operator's phone can be rung."""
        return self.staff.reachable(operator)

    def _may_wait_for(self, place: Waiting) -> bool:
        last = place.last
        hopeful = last is not None and self.staff.at_work(last) and self.staff.serves(last, place.queue)
        return hopeful and bool(self.rules(place.queue).last_operator)

    def _give_up_hope(self, line: Line, now: datetime) -> None:
        """Whoever waited for one operator long enough waits for anybody, with the same time."""
        hope = self.rules(line.queue).last_operator
        while line.calls and line.calls[0][0] + hope <= now:
            place = self.calls.head(line)
            if left := self.calls.leave(place.call):
                self._touch(left)
            other = self.calls.enter(place, None)
            self._stirred[other] = None

    def _sort_again(self, operator: str) -> None:
        for call in list(self._for.get(operator, ())):
            if place := self.calls.place(call):
                self.wait(place)

    def _order(self, line: Line, now: datetime) -> tuple[bool, int, datetime, str]:
        """What a supervisor has ordered comes first, at the one operator whom it concerns."""
        since, call = line.calls[0]
        return not line.bound, -self.rules(line.queue).priority(line.priority, now - since), since, call

    def _stir(self, queue: str) -> None:
        self._stirred.update(dict.fromkeys(self.calls.lines(queue)))

    def _touch(self, line: Line) -> None:
        if line.calls:
            self._stirred[line] = None
        else:
            self._stirred.pop(line, None)
            self._alarms.set(line, None)


def _waited_for(place: Waiting) -> set[str]:
    """Whose coming and going concerns the call."""
    return {operator for operator in (place.last, place.assigned) if operator}
