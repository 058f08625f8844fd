"""The real distribution and the plain one, led through the same history and compared at each decision."""

from __future__ import annotations

from datetime import datetime, timedelta

from bench.acd_watched import NOON, Watched
from bench.plain_acd import Decision as PlainDecision
from bench.plain_acd import PlainAcd
from dialplan.acd.floor import Waiting
from dialplan.acd.policy import Decision, Match, Overflowed
from kernel.operator import OperatorStatus
from kernel.routing import OperatorSeat, Queue

__all__ = ["NOON", "Pair"]


class Pair(Watched):
    """Each step is done on both, then all that can be decided is. A difference is an AssertionError."""

    def __init__(self, seats: list[OperatorSeat], queues: list[Queue], now: datetime = NOON) -> None:
        self.plain = PlainAcd(seats, queues)
        super().__init__(seats, queues, now)

    def reach(self, extension: str, reachable: bool) -> None:
        (self.plain.gone.discard if reachable else self.plain.gone.add)(extension)
        super().reach(extension, reachable)

    def arrange(self, seats: list[OperatorSeat], queues: list[Queue]) -> None:
        self.plain.seats, self.plain.queues = seats, {queue.id: queue for queue in queues}
        super().arrange(seats, queues)

    def skip(self, until: datetime) -> None:
        """The plain one must agree just before that nothing is to be done."""
        before = until - timedelta(microseconds=1)
        if before > self.now:
            assert self.plain.decide(before) is None
        super().skip(until)

    def next(self) -> Decision | None:
        decision = super().next()
        assert _as_plain(decision) == self.plain.decide(self.now)
        return decision

    def _check(self) -> None:
        """Places count from 1 without gaps, and are the plain one's."""
        super()._check()
        for queue in self.plain.queues:
            calls = [call for call, place in self.plain.calls.items() if place[1] == queue]
            assert self.floor.length(queue) == len(calls)
            places = {self.floor.position(call, self.now): self.plain.place(call, self.now) for call in calls}
            assert all(place == plain for place, plain in places.items())
            assert len(places) == len(calls)

    def _status(self, status: OperatorStatus) -> None:
        super()._status(status)
        self.plain.history.setdefault(status.operator, []).append(status)

    def _enter(self, place: Waiting) -> None:
        super()._enter(place)
        self.plain.calls[place.call] = (place.since, place.queue, place.priority, place.last)

    def _leave(self, call: str) -> None:
        super()._leave(call)
        del self.plain.calls[call]


def _as_plain(decision: Decision | None) -> PlainDecision | None:
    match decision:
        case Match(waiting=waiting, operators=operators):
            return waiting.call, "match", operators
        case Overflowed(waiting=waiting, rule=rule):
            return waiting.call, rule.when, ()
        case None:
            return None
        case _:
            raise AssertionError("no queue was removed")
