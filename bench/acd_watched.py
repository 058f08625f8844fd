"""The real distribution led through a history, and what must hold at each decision, judged from a record of its own.

What must hold, whatever happens: an operator has one call at most; a call is at one place, and none is lost; only who
is ready, serves the queue, masters what is asked by now and has a phone is rung, so that a pause wins over every offer;
who has waited longer with the same need is served first; nobody waits while somebody free could be rung; nobody leaves
a queue by a rule before its time. ``wind_up`` lets the centre work on until every caller's journey has ended.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bench.plain_acd import able_after
from dialplan.acd import shift
from dialplan.acd.floor import Floor, Waiting
from dialplan.acd.policy import Decision, Displaced, Match, Overflowed, next_decision
from kernel.operator import BUSY, OperatorState, OperatorStatus
from kernel.routing import UNSTAFFED, OperatorSeat, Queue

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
NEAR_MIDNIGHT = datetime(2026, 11, 24, 14, 59, tzinfo=UTC)
"""Of Japan, at which what was worked begins anew."""
LONGEST_WIND_UP = 400
"""Rounds of ROUND_SECONDS within which a dozen calls must be over."""
ROUND_SECONDS = 45.0


class Watched:
    """A floor and the record of it. What does not hold is an AssertionError."""

    def __init__(self, seats: list[OperatorSeat], queues: list[Queue], now: datetime = NOON) -> None:
        self.now = now
        self.floor = Floor(seats, queues)
        self.waiting: dict[str, Waiting] = {}
        self.rung: dict[str, set[str]] = {}
        self.entered: dict[str, Waiting] = {}
        self.gone: set[str] = set()
        self.statuses: dict[str, OperatorStatus] = {}
        self.unreachable: set[str] = set()
        self.decisions = 0
        self._take(seats, queues)
        for seat in seats:
            self._status(shift.logged_out(seat.id, self.now))

    def wait(self, call: str, queue: str, priority: int, last: str | None) -> None:
        self._enter(Waiting(self.now, call, queue, priority, last))
        self.decide()

    def abandon(self, call: str) -> None:
        if call in self.waiting:
            self._leave(call)
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
        after = shift.wraps_up(status, status.call or "", self.now) if talking else shift.free(status, self.now)
        assert talking or status.then is None or after.state is status.then, "a pause that was pressed is forgotten"
        self._status(after)
        self.decide()

    def reach(self, extension: str, reachable: bool) -> None:
        self.floor.reach(extension, reachable)
        (self.unreachable.discard if reachable else self.unreachable.add)(extension)
        self.decide()

    def arrange(self, seats: list[OperatorSeat], queues: list[Queue]) -> None:
        """The document changes; ids stay."""
        self.floor.arrange(seats, queues)
        self._take(seats, queues)
        self.decide()

    def pass_time(self, seconds: float) -> None:
        """Let time pass, and decide at each moment that the floor names, as the desk does."""
        end = self.now + timedelta(seconds=seconds)
        while (at := self.floor.next_change()) and at <= end:
            assert at > self.now, "the floor wants to be asked again at once"
            self.skip(at)
            self.decide()
        self.skip(end)
        self.decide()

    def skip(self, until: datetime) -> None:
        """Nothing happens meanwhile, as the floor says."""
        self.now = until - timedelta(microseconds=1)
        self._nobody_waits_in_vain()
        self.now = until

    def decide(self) -> None:
        while decision := self.next():
            self._carry_out(decision)
        self._check()

    def next(self) -> Decision | None:
        """What the floor decides now."""
        return next_decision(self.floor, self.now)

    def status(self, operator: str) -> OperatorStatus:
        return self.statuses[operator]

    def wind_up(self) -> None:
        """Everybody who has a call ends it, time passes: every caller's journey ends."""
        for _ in range(LONGEST_WIND_UP):
            if not (self.waiting or self.rung):
                return
            for operator, status in list(self.statuses.items()):
                if self.status(operator).state is OperatorState.RINGING:
                    self.answer(operator)
                elif status.state in BUSY and self.status(operator).state in BUSY:
                    self.end(operator)
            self.pass_time(ROUND_SECONDS)
        raise AssertionError("a call goes on for ever")

    def _take(self, seats: list[OperatorSeat], queues: list[Queue]) -> None:
        self.seats = {seat.id: seat for seat in seats}
        self.queues = {queue.id: queue for queue in queues}
        self._able: dict[tuple[str, str], timedelta | None] = {}

    def _carry_out(self, decision: Decision) -> None:
        self.decisions += 1
        place = self.waiting[decision.waiting.call]
        match decision:
            case Match():
                self._may_be_rung(place, decision)
                self._leave(place.call)
                for operator in decision.operators:
                    self._status(shift.offered(self.status(operator), place.call, self.now))
                self.rung[place.call] = set(decision.operators)
            case Overflowed():
                self._may_overflow(place, decision)
                self._leave(place.call)
                self.gone.add(place.call)
            case Displaced():
                raise AssertionError("no queue was removed")

    def _may_be_rung(self, place: Waiting, match: Match) -> None:
        assert len(set(match.operators)) == len(match.operators) > 0
        for operator in match.operators:
            assert self._is_free(operator), "somebody is rung who has a call, a pause, or no phone"
            assert self._may_take(operator, place), "somebody is rung who is not able as yet"
        if match.why == "last_operator":
            assert match.operators == (place.last,)
            return
        mine = self._turn(place)
        for other in self.waiting.values():
            if other.queue == place.queue and other.priority == place.priority and not self._reserved(other):
                assert mine <= self._turn(other), "somebody was overtaken"

    def _may_overflow(self, place: Waiting, decision: Overflowed) -> None:
        rule, queue = decision.rule, self.queues[place.queue]
        assert rule in queue.overflow or rule is UNSTAFFED
        if rule.when == "waited":
            assert self.now - place.since >= timedelta(seconds=rule.after), "sent away before its time"
        else:
            assert not any(self._at_work(seat, queue.id) for seat in self.seats), "sent away though somebody is there"

    def _check(self) -> None:
        assert len(self.floor.calls.all()) == len(self.waiting), "the floor has lost a call, or has one too many"
        assert len(self.entered) == len(self.waiting) + len(self.rung) + len(self.gone), "a call is lost or twice"
        rung = [one for operators in self.rung.values() for one in operators]
        assert len(rung) == len(set(rung)), "an operator has two calls"
        for call, operators in self.rung.items():
            assert call not in self.waiting
            assert call not in self.gone
            assert all(self.status(one).call == call for one in operators)
        self._nobody_waits_in_vain()

    def _nobody_waits_in_vain(self) -> None:
        free = [operator for operator in self.seats if self._is_free(operator)] if self.waiting else ()
        for operator in free:
            for place in self.waiting.values():
                kept = self._reserved(place) and place.last != operator
                assert kept or not self._may_take(operator, place), "a caller waits while somebody free is able"

    def _turn(self, place: Waiting) -> tuple[datetime, str]:
        return place.since, place.call

    def _is_free(self, operator: str) -> bool:
        status, seat = self.statuses[operator], self.seats[operator]
        return status.state is OperatorState.READY and seat.extension not in self.unreachable

    def _at_work(self, operator: str, queue: str) -> bool:
        status = self.statuses[operator]
        stays = status.state in BUSY or status.state is OperatorState.READY
        wants = status.then in (None, OperatorState.READY)
        phone = self.seats[operator].extension not in self.unreachable
        return stays and wants and phone and self._after(operator, queue) is not None

    def _may_take(self, operator: str, place: Waiting) -> bool:
        """By now; the last operator of a caller who waits for that one also sooner than the skills say."""
        after = self._after(operator, place.queue)
        if after is None:
            return False
        return after <= self.now - place.since or (self._reserved(place) and operator == place.last)

    def _reserved(self, place: Waiting) -> bool:
        """Whether the caller waits for the operator of the last time."""
        hope = timedelta(seconds=self.queues[place.queue].last_operator_seconds)
        return place.last is not None and self.now < place.since + hope and self._at_work(place.last, place.queue)

    def _after(self, operator: str, queue: str) -> timedelta | None:
        """After how much waiting the operator may take calls of the queue; None: never."""
        if (operator, queue) not in self._able:
            seat = self.seats[operator]
            self._able[operator, queue] = able_after(seat, self.queues[queue]) if queue in seat.queues else None
        return self._able[operator, queue]

    def _status(self, status: OperatorStatus) -> None:
        self.floor.set(status)
        self.statuses[status.operator] = status

    def _enter(self, place: Waiting) -> None:
        self.entered[place.call] = self.waiting[place.call] = place
        self.floor.wait(place)

    def _leave(self, call: str) -> None:
        self.floor.leave(call)
        del self.waiting[call]
