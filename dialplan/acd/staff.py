"""Who sits where and does what: the operators' side of the floor. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from dialplan.acd.ready import Candidate, Ready
from dialplan.acd.rules import Rules
from dialplan.acd.tally import Tally
from dialplan.acd.worked import Worked
from kernel.operator import BUSY, OperatorState, OperatorStatus
from kernel.routing import OperatorSeat

AT_WORK = BUSY | {OperatorState.READY}


class Staff:
    """Statuses, phones, what was ``worked``. *At work* is who is ready or busy, stays so, and can be rung."""

    def __init__(self, worked: Worked | None = None) -> None:
        self._worked = worked or Worked()
        self._seats: dict[str, tuple[int, OperatorSeat]] = {}
        self._rules: Mapping[str, Rules] = {}
        self._able: dict[str, list[tuple[Rules, int | None]]] = {}
        self._statuses: dict[str, OperatorStatus] = {}
        self._unreachable: set[str] = set()
        self._at_work: set[str] = set()
        self._on_duty: Counter[str] = Counter()
        self.ready = Ready()

    def arrange(self, seats: Iterable[OperatorSeat], rules: Mapping[str, Rules]) -> None:
        """Take the seats and rules of a changed centre; statuses stay."""
        self._seats = {seat.id: (number, seat) for number, seat in enumerate(seats)}
        self._rules = rules
        self._able = {seat.id: self._abilities(seat) for _, seat in self._seats.values()}
        self._at_work = set()
        self._on_duty = Counter()
        self.ready = Ready()
        for operator in self._statuses:
            self.enter(operator)

    def _abilities(self, seat: OperatorSeat) -> list[tuple[Rules, int | None]]:
        served = [self._rules[queue] for queue in dict.fromkeys(seat.queues) if queue in self._rules]
        return [(rules, rules.tier(seat.skills)) for rules in served]

    def set(self, status: OperatorStatus) -> None:
        """What an operator does now. The operator is withdrawn: ``enter`` follows."""
        self.ready.withdraw(status.operator)
        self._statuses[status.operator] = status
        self._worked.note(status)

    def reach(self, extension: str, reachable: bool) -> list[str]:
        """Whether a phone can be rung; returns who has it, withdrawn: ``enter`` follows."""
        (self._unreachable.discard if reachable else self._unreachable.add)(extension)
        found = [seat.id for _, seat in self._seats.values() if seat.extension == extension]
        for operator in found:
            self.ready.withdraw(operator)
        return found

    def enter(self, operator: str) -> bool:
        """Let an operator, who was withdrawn, count where the status allows it; whether coming to or leaving work."""
        status, working = self._statuses.get(operator), self.at_work(operator)
        changed = working != (operator in self._at_work)
        if changed:
            (self._at_work.add if working else self._at_work.discard)(operator)
            for rules, tier in self._able.get(operator, ()):
                if tier is not None:
                    self._on_duty[rules.queue.id] += 1 if working else -1
        if working and status and status.state is OperatorState.READY:
            number, seat = self._seats[operator]
            idle = self._worked.idle_since(operator) or status.since
            self.ready.enter(Candidate(seat, number, idle, self.tally(operator)), self._able[operator])
        return changed

    def at_work(self, operator: str) -> bool:
        """Whether the operator takes calls: now, or when the one at hand is over."""
        status = self._statuses.get(operator)
        stays = status is not None and status.state in AT_WORK and status.then in (None, OperatorState.READY)
        return stays and self.reachable(operator)

    def on_duty(self, queue: str) -> int:
        """How many are at work who can be offered calls of ``queue``, some only after a time of waiting."""
        return self._on_duty[queue]

    def serves(self, operator: str, queue: str) -> bool:
        """Whether the operator has ``queue`` and masters enough for it, now or after some waiting."""
        return any(rules.queue.id == queue and tier is not None for rules, tier in self._able.get(operator, ()))

    def queues(self, operator: str) -> list[str]:
        """The queues that the operator serves."""
        return [rules.queue.id for rules, _ in self._able.get(operator, ())]

    def idle_since(self, operator: str) -> datetime | None:
        """Since when no call was taken; None for one who takes none."""
        return self._worked.idle_since(operator)

    def rings(self, extension: str) -> bool:
        """Whether the phone ``extension`` can be rung, whoever has it; so it is taken until the contrary is known."""
        return extension not in self._unreachable

    def tally(self, operator: str) -> Tally:
        """What was done today since the log-in."""
        return self._worked.tally(operator)

    def status(self, operator: str) -> OperatorStatus | None:
        return self._statuses.get(operator)

    def statuses(self) -> Iterator[OperatorStatus]:
        return iter(self._statuses.values())

    def seat(self, operator: str) -> OperatorSeat | None:
        found = self._seats.get(operator)
        return found[1] if found else None

    def seats(self, queue: str) -> list[OperatorSeat]:
        """The seats that serve ``queue``."""
        return [seat for _, seat in self._seats.values() if queue in seat.queues]

    def reachable(self, operator: str) -> bool:
        """Whether there is a seat of this operator and its phone can be rung."""
        found = self._seats.get(operator)
        return found is not None and self.rings(found[1].extension)
