"""How long a decision takes as the centre grows: operators, waiting calls, 50 skills.

A decision is an operator becoming ready, or a caller coming, and all that follows from it: the floor is told, asked
until it has nothing to decide, told of the offer, and asked when to be woken. Times are the process's own, without what
others did on the machine meanwhile. Prints one JSON object on its last line;
``growth_exponent`` is the slope of time over size, both as logarithms: 1 would be linear.
"""

from __future__ import annotations

import gc
import json
import math
import random
import time
from datetime import UTC, datetime, timedelta
from statistics import median

from dialplan.acd.floor import Floor, Waiting
from dialplan.acd.policy import Match, next_decision
from kernel.operator import OperatorState, OperatorStatus
from kernel.routing import OperatorSeat, Queue, Strategy

SIZES = ((100, 1_000), (300, 3_000), (1_000, 10_000))
SKILLS = [f"skill{number}" for number in range(50)]
DECISIONS = 4_000
NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
STRATEGIES = (Strategy.LONGEST_IDLE, Strategy.FEWEST_CALLS, Strategy.LEAST_OCCUPIED, Strategy.RANDOM)


class Centre:
    """All operators talk or wait for a call that they can't take yet; all queues are long."""

    def __init__(self, operators: int, calls: int) -> None:
        self.rng = random.Random(operators)
        self.now = NOON
        self.seats = [self._seat(number) for number in range(operators)]
        self.floor = Floor(self.seats, [self._queue(number) for number in range(len(SKILLS))])
        self.number = 0
        for seat in self.seats:
            self.floor.set(OperatorStatus(seat.id, OperatorState.TALKING, NOON - timedelta(hours=1), call="earlier"))
        for _ in range(calls):
            self.call(NOON - timedelta(seconds=self.rng.uniform(0, 600)))
        self.decide()

    def _seat(self, number: int) -> OperatorSeat:
        mastered = self.rng.sample(SKILLS, 10)
        return OperatorSeat.model_validate(
            {
                "id": f"op{number}",
                "name": f"op{number}",
                "extension": str(10_000 + number),
                "queues": [f"q{SKILLS.index(skill)}" for skill in mastered[:8]],
                "skills": {skill: self.rng.randint(1, 9) for skill in mastered},
            }
        )

    def _queue(self, number: int) -> Queue:
        needs = [
            {"skill": SKILLS[number], "level": 6, "relax": [{"after": 60, "level": 3}, {"after": 900, "level": 0}]}
        ]
        return Queue.model_validate(
            {
                "id": f"q{number}",
                "label": f"q{number}",
                "needs": needs,
                "priority": number % 3,
                "aging_seconds": 30,
                "last_operator_seconds": 20,
                "strategy": STRATEGIES[number % len(STRATEGIES)],
            }
        )

    def call(self, since: datetime) -> None:
        self.number += 1
        last = f"op{self.rng.randrange(len(self.seats))}" if self.rng.random() < 0.2 else None
        self.floor.wait(Waiting(since, f"c-{self.number}", f"q{self.rng.randrange(len(SKILLS))}", 0, last))

    def decide(self) -> None:
        while isinstance(decision := next_decision(self.floor, self.now), Match):
            self.floor.leave(decision.waiting.call)
            for operator in decision.operators:
                self.floor.set(OperatorStatus(operator, OperatorState.RINGING, self.now, call=decision.waiting.call))
        self.floor.next_change()

    def measure(self) -> list[float]:
        """Microseconds of each decision; a new call makes good each that is taken, so that queues stay as long."""
        times: list[float] = []
        for _ in range(DECISIONS // 2):
            self.now += timedelta(seconds=0.05)
            operator = self.rng.choice(self.seats).id
            self.floor.set(OperatorStatus(operator, OperatorState.WRAP_UP, self.now, call="earlier"))
            ready = OperatorStatus(operator, OperatorState.READY, self.now)
            begun = time.thread_time_ns()
            self.floor.set(ready)
            self.decide()
            between = time.thread_time_ns()
            self.call(self.now)
            self.decide()
            times += [(between - begun) / 1000, (time.thread_time_ns() - between) / 1000]
        return times


def main() -> None:
    curve: list[dict[str, float]] = []
    for operators, calls in SIZES:
        centre = Centre(operators, calls)
        gc.collect()
        times = sorted(centre.measure())
        figures = {"p50_us": round(median(times), 1), "p99_us": round(times[len(times) * 99 // 100], 1)}
        curve.append({"operators": operators, "calls": calls, "skills": len(SKILLS), **figures})
        print(curve[-1])
    small, large = curve[0], curve[-1]
    growth = math.log(large["p50_us"] / small["p50_us"]) / math.log(large["calls"] / small["calls"])
    result = {
        "decision_p50_us": large["p50_us"],
        "decision_p99_us": large["p99_us"],
        "growth_exponent": round(growth, 3),
        "decisions": DECISIONS,
        "curve": curve,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
