"""The real distribution and the plain one, led through the same history and compared at each decision."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bench.plain_acd import Decision, PlainAcd
from dialplan.acd import shift
from dialplan.acd.floor import Floor, Waiting
from dialplan.acd.policy import Match, Overflowed, next_decision
from kernel.operator import BUSY, OperatorState, OperatorStatus
from kernel.routing import OperatorSeat, Queue

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
NEAR_MIDNIGHT = datetime(2026, 11, 24, 14, 59, tzinfo=UTC)
"""Of Japan, at which what was worked begins anew."""


class Pair:
    """Each step is done on both, then all that can be decided is. A difference is an AssertionError."""

    def __init__(self, seats: list[OperatorSeat], queues: list[Queue], now: datetime = NOON) -> None:
        self.now = now
        self.floor = Floor(seats, queues)
        self.plain = PlainAcd(seats, queues)
        self.rung: dict[str, set[str]] = {}
        self.entered: dict[str, Waiting] = {}
        self.gone: set[str] = set()
        self.decisions = 0
        for seat in seats:
            self._status(shift.logged_out(seat.id, self.now))

    def wait(self, call: str, queue: str, priority: int, last: str | None) -> None:
        self._enter(Waiting(self.now, call, queue, priority, last))
        self.decide()

    def abandon(self, call: str) -> None:
        self.floor.leave(call)
        self.plain.calls.pop(call, None)
        self.gone.add(call)
        for operator in self.rung.pop(call, set[str]()):
            self._status(shift.free(self.status(operator), self.now))
        self.decide()

    def wish(self, operator: str, state: OperatorState) -> None:
        status = self.status(operator)
        if status.state is OperatorState.LOGGED_OUT:
            status = shift.log_in(status, self.now)
        wished = status.then or status.state if status.state in BUSY else status.state
        if state is not wished:
            self._status(shift.wish(status, state, None, self.now))
        self.decide()

    def answer(self, operator: str) -> None:
        """The operator who rings answers; whoever rings for the same call is free."""
        call = self.status(operator).call or ""
        self.gone.add(call)
        for other in self.rung.pop(call) - {operator}:
            self._status(shift.free(self.status(other), self.now))
        self._status(shift.talks(self.status(operator), call, self.now))
        self.decide()

    def miss(self, operator: str) -> None:
        """The operator who rings does not answer; when nobody else rings the call goes back to its place."""
        call = self.status(operator).call or ""
        self._status(shift.not_answering(self.status(operator), self.now))
        self.rung[call].discard(operator)
        if not self.rung[call]:
            del self.rung[call]
            self._enter(self.entered[call])
        self.decide()

    def end(self, operator: str) -> None:
        """From talking to the wrap-up, from that to what was wished."""
        status = self.status(operator)
        talking = status.state is OperatorState.TALKING
        self._status(shift.wraps_up(status, status.call or "", self.now) if talking else shift.free(status, self.now))
        self.decide()

    def reach(self, extension: str, reachable: bool) -> None:
        self.floor.reach(extension, reachable)
        (self.plain.gone.discard if reachable else self.plain.gone.add)(extension)
        self.decide()

    def arrange(self, seats: list[OperatorSeat], queues: list[Queue]) -> None:
        """The document changes; ids stay."""
        self.floor.arrange(seats, queues)
        self.plain.seats, self.plain.queues = seats, {queue.id: queue for queue in queues}
        self.decide()

    def pass_time(self, seconds: float) -> None:
        """Let time pass, and decide at each moment that the floor names, as the desk does."""
        end = self.now + timedelta(seconds=seconds)
        while (at := self.floor.next_change()) and at <= end:
            assert at > self.now, "the floor wants to be asked again at once"
            self._skip(at)
            self.decide()
        self._skip(end)
        self.decide()

    def _skip(self, until: datetime) -> None:
        """Nothing happens meanwhile, as the floor says: the plain one must agree just before."""
        before = until - timedelta(microseconds=1)
        if before > self.now:
            assert self.plain.decide(before) is None
        self.now = until

    def decide(self) -> None:
        while True:
            decision = next_decision(self.floor, self.now)
            rule = decision.rule.when if isinstance(decision, Overflowed) else ""
            kind = "match" if isinstance(decision, Match) else rule
            operators = decision.operators if isinstance(decision, Match) else ()
            real: Decision | None = (decision.waiting.call, kind, operators) if decision else None
            assert real == self.plain.decide(self.now)
            if real is None:
                break
            self._carry_out(*real)
        self._check()

    def _carry_out(self, call: str, kind: str, operators: tuple[str, ...]) -> None:
        self.decisions += 1
        self.floor.leave(call)
        del self.plain.calls[call]
        for operator in operators:
            assert self.status(operator).state is OperatorState.READY
            self._status(shift.offered(self.status(operator), call, self.now))
        if kind == "match":
            self.rung[call] = set(operators)
        else:
            self.gone.add(call)

    def _check(self) -> None:
        """Every call that came waits, rings or is gone, nobody has two calls, places count from 1 without gaps."""
        for queue in self.plain.queues:
            calls = [call for call, place in self.plain.calls.items() if place[1] == queue]
            assert self.floor.length(queue) == len(calls)
            places = {self.floor.position(call, self.now): self.plain.place(call, self.now) for call in calls}
            assert all(place == plain for place, plain in places.items())
            assert len(places) == len(calls)
        assert sorted(self.entered) == sorted([*self.plain.calls, *self.rung, *self.gone]), "a call is lost or twice"
        assert all(self.floor.calls.place(call) for call in self.plain.calls)
        ringing = {status.operator: status.call for status in self.floor.statuses() if status.state in BUSY}
        assert all(ringing.get(one) == call for call, operators in self.rung.items() for one in operators)
        rung = [one for operators in self.rung.values() for one in operators]
        assert len(rung) == len(set(rung)), "an operator has two calls"

    def status(self, operator: str) -> OperatorStatus:
        return self.plain.history[operator][-1]

    def _status(self, status: OperatorStatus) -> None:
        self.floor.set(status)
        self.plain.history.setdefault(status.operator, []).append(status)

    def _enter(self, place: Waiting) -> None:
        self.entered[place.call] = place
        self.floor.wait(place)
        self.plain.calls[place.call] = (place.since, place.queue, place.priority, place.last)
