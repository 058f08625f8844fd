"""The distribution of calls once more, as plainly as it can be said and slow: what the real one is compared with.

It keeps no order and remembers no result: each decision looks at every call and every operator, and what operators have
done is added up from all their statuses.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from zlib import crc32

from kernel.operator import OperatorState, OperatorStatus
from kernel.routing import OperatorSeat, Queue, Strategy

Decision = tuple[str, str, tuple[str, ...]]
"""Call, "match" or the overflow's reason, operators."""

S = OperatorState
TAKES_CALLS = (S.READY, S.RINGING, S.TALKING, S.WRAP_UP)
RING_AT_ONCE = 20
JAPAN_IS_AHEAD = timedelta(hours=9)
"""Of UTC, in which the histories are told."""


class PlainAcd:
    def __init__(self, seats: list[OperatorSeat], queues: list[Queue]) -> None:
        self.seats = seats
        self.queues = {queue.id: queue for queue in queues}
        self.history: dict[str, list[OperatorStatus]] = {}
        self.gone: set[str] = set()
        self.calls: dict[str, tuple[datetime, str, int, str | None]] = {}
        self.unstaffed: dict[str, datetime] = {}

    def decide(self, now: datetime) -> Decision | None:
        self.note(now)
        for call in sorted(self.calls, key=lambda one: (-self.priority(one, now), self.calls[one][0], one)):
            operators = self.candidates(call, now)
            if operators:
                return call, "match", operators
            if reason := self.overflow(call, now):
                return call, reason, ()
        return None

    def note(self, now: datetime) -> None:
        """Queues with waiting calls and nobody at work, since when."""
        for queue in self.queues:
            able = (seat for seat in self.serving(queue) if able_after(seat, self.queues[queue]) is not None)
            if any(self.at_work(seat) for seat in able):
                self.unstaffed.pop(queue, None)
            elif any(place[1] == queue for place in self.calls.values()):
                self.unstaffed.setdefault(queue, now)

    def priority(self, call: str, now: datetime) -> int:
        since, queue, own, _ = self.calls[call]
        aging = self.queues[queue].aging_seconds
        steps = int((now - since) / timedelta(seconds=aging)) if aging and now > since else 0
        return self.queues[queue].priority + own + steps

    def place(self, call: str, now: datetime) -> int:
        same = [one for one in self.calls if self.calls[one][1] == self.calls[call][1]]
        order = sorted(same, key=lambda one: (-self.priority(one, now), self.calls[one][0], one))
        return order.index(call) + 1

    def candidates(self, call: str, now: datetime) -> tuple[str, ...]:
        since, queue, _, last = self.calls[call]
        hope = timedelta(seconds=self.queues[queue].last_operator_seconds)
        reserved = [s for s in self.serving(queue) if s.id == last and able_after(s, self.queues[queue]) is not None]
        if reserved and self.at_work(reserved[0]) and now < since + hope:
            return tuple(seat.id for seat in reserved if self.is_ready(seat))
        able: list[tuple[timedelta, OperatorSeat]] = []
        for seat in self.serving(queue):
            after = able_after(seat, self.queues[queue])
            if self.is_ready(seat) and after is not None and (not after or after <= now - since):
                able.append((after, seat))
        return self.strategy(queue, call, able)

    def strategy(  # noqa: PLR0911
        self, queue: str, call: str, able: list[tuple[timedelta, OperatorSeat]]
    ) -> tuple[str, ...]:
        by_idle = sorted((self.idle_since(seat), seat.id) for _, seat in able)
        seats = {seat.id: seat for _, seat in able}
        number = {seat.id: place for place, seat in enumerate(self.seats)}
        if not able:
            return ()
        match self.queues[queue].strategy:
            case Strategy.RING_ALL:
                return tuple(id for _, id in by_idle[:RING_AT_ONCE])
            case Strategy.RANDOM:
                row = sorted((after, self.idle_since(seat), seat.id) for after, seat in able)
                return (row[crc32(call.encode()) % len(row)][2],)
            case Strategy.LONGEST_IDLE:
                return (by_idle[0][1],)
            case Strategy.FEWEST_CALLS:
                return (min((self.answered(id), idle, id) for idle, id in by_idle)[2],)
            case Strategy.LEAST_OCCUPIED:
                return (min((self.occupancy(id), idle, id) for idle, id in by_idle)[2],)
            case Strategy.IN_ORDER:
                unnumbered = 10**9
                rank = {id: seats[id].order.get(queue, unnumbered + number[id]) for _, id in by_idle}
                return (min((rank[id], idle, id) for idle, id in by_idle)[2],)

    def overflow(self, call: str, now: datetime) -> str | None:
        since, queue, _, _ = self.calls[call]
        rules = {"no_operator": timedelta(minutes=2)}
        rules |= {rule.when: timedelta(seconds=rule.after) for rule in reversed(self.queues[queue].overflow)}
        if "waited" in rules and now - since >= rules["waited"]:
            return "waited"
        empty = self.unstaffed.get(queue)
        return "no_operator" if empty and now - empty >= rules["no_operator"] else None

    def serving(self, queue: str) -> list[OperatorSeat]:
        return [seat for seat in self.seats if queue in seat.queues]

    def at_work(self, seat: OperatorSeat) -> bool:
        status = self.history[seat.id][-1] if seat.id in self.history else None
        stays = status and status.state in TAKES_CALLS and status.then not in (S.PAUSED, S.LOGGED_OUT)
        return bool(stays) and seat.extension not in self.gone

    def is_ready(self, seat: OperatorSeat) -> bool:
        return self.at_work(seat) and self.history[seat.id][-1].state is S.READY

    def idle_since(self, seat: OperatorSeat) -> datetime:
        idle = self.history[seat.id][-1].since
        for status in reversed(self.history[seat.id]):
            if status.state not in (S.READY, S.RINGING):
                break
            idle = status.since if status.state is S.READY else idle
        return idle

    def shift(self, operator: str) -> list[tuple[OperatorStatus, float]]:
        """The statuses since the log-in that are over, each with its seconds on the day (Japan's) of the last."""
        history = self.history[operator]
        begin = max((at for at, status in enumerate(history) if status.state is S.LOGGED_OUT), default=0)
        today = self.midnight(operator)
        pairs = zip(history[begin:], history[begin + 1 :], strict=False)
        return [(one, (max(after.since, today) - max(one.since, today)).total_seconds()) for one, after in pairs]

    def midnight(self, operator: str) -> datetime:
        last = self.history[operator][-1].since + JAPAN_IS_AHEAD
        return last.replace(hour=0, minute=0, second=0, microsecond=0) - JAPAN_IS_AHEAD

    def answered(self, operator: str) -> int:
        """Talks of the day since the log-in. No talk goes straight into another; a wish in one is a status more."""
        over, today = [status for status, _ in self.shift(operator)], self.midnight(operator)
        begun = (one for before, one in pairwise(over) if one.state is S.TALKING and before.state is not S.TALKING)
        return sum(one.since >= today for one in begun)

    def occupancy(self, operator: str) -> float:
        over = self.shift(operator)
        busy = sum(seconds for status, seconds in over if status.state in (S.TALKING, S.WRAP_UP))
        idle = sum(seconds for status, seconds in over if status.state in (S.READY, S.RINGING))
        return busy / (busy + idle) if busy + idle else 0.0


def able_after(seat: OperatorSeat, queue: Queue) -> timedelta | None:
    """After how much waiting the operator may take the queue's calls; None: never."""
    moments = sorted({0.0, *(step.after for need in queue.needs for step in need.relax)})
    for moment in moments:
        asked = {n.skill: min([n.level, *(s.level for s in n.relax if s.after <= moment)]) for n in queue.needs}
        if all(seat.skills.get(skill, 0) >= level for skill, level in asked.items()):
            return timedelta(seconds=moment)
    return None
