"""What callers meet when this very distribution serves them, in virtual time. Pure: the seed decides all chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from math import sqrt
from random import Random
from statistics import NormalDist, fmean, stdev
from typing import Literal

from denwa.staffing.acd import SimulatedFloor
from kernel.erlang import Demand

BEGIN = datetime(2026, 11, 24, tzinfo=UTC)
WARM_UP = 0.2
"""The share of calls at the beginning that are not counted: the centre opens empty."""

CONFIDENCE = 0.99

Happening = tuple[float, int, Literal["arrives", "gives_up", "done"], str]


@dataclass(frozen=True, slots=True)
class Run:
    """Shares of all calls of one run, and their mean wait in seconds, that of those who gave up included."""

    waits: float
    in_time: float
    answered: float
    mean_wait: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """The true value lies within ``mean`` ± ``half`` with CONFIDENCE."""

    mean: float
    half: float

    def covers(self, value: float) -> bool:
        return abs(value - self.mean) <= self.half


@dataclass(frozen=True, slots=True)
class Simulated:
    waits: Estimate
    in_time: Estimate
    answered: Estimate
    mean_wait: Estimate


def simulate(demand: Demand, operators: int, target: float, *, calls: int, runs: int, seed: int) -> Simulated:
    """``runs`` (6 or more) independent runs of ``calls`` calls each."""
    chances = (Random(f"{seed}/{number}") for number in range(runs))  # noqa: S311  no secret
    made = [run(demand, operators, target, calls, chance) for chance in chances]
    return Simulated(
        _estimate([one.waits for one in made]),
        _estimate([one.in_time for one in made]),
        _estimate([one.answered for one in made]),
        _estimate([one.mean_wait for one in made]),
    )


def run(demand: Demand, operators: int, target: float, calls: int, chance: Random) -> Run:
    """Serve ``calls`` calls; an operator who is offered one answers it at once."""
    first = int(calls * WARM_UP)
    waits = [journey for number, journey in _journeys(demand, operators, calls, chance).items() if number >= first]
    answered = [seconds for seconds, served in waits if served]
    return Run(
        waits=sum(seconds > 0 for seconds, _ in waits) / len(waits),
        in_time=sum(seconds <= target for seconds in answered) / len(waits),
        answered=len(answered) / len(waits),
        mean_wait=fmean(seconds for seconds, _ in waits),
    )


def _journeys(demand: Demand, operators: int, calls: int, chance: Random) -> dict[int, tuple[float, bool]]:
    """Each call's wait in seconds, and whether it was answered, by the order of arrival."""
    floor, order = SimulatedFloor(operators, BEGIN), count()
    ahead: list[Happening] = [(chance.expovariate(demand.arrivals), next(order), "arrives", "0")]
    since: dict[str, float] = {}
    journeys: dict[int, tuple[float, bool]] = {}
    while ahead:
        at, _, kind, who = heappop(ahead)
        now = BEGIN + timedelta(seconds=at)
        if kind == "arrives":
            since[who] = at
            floor.waits(who, now)
            if demand.patience:
                heappush(ahead, (at + chance.expovariate(1 / demand.patience), next(order), "gives_up", who))
            if (following := int(who) + 1) < calls:
                heappush(ahead, (at + chance.expovariate(demand.arrivals), next(order), "arrives", str(following)))
        elif kind == "done":
            floor.is_free(who, now)
        elif who in since:
            floor.gives_up(who)
            journeys[int(who)] = (at - since.pop(who), False)
        for call, operator in floor.answers(now):
            journeys[int(call)] = (at - since.pop(call), True)
            heappush(ahead, (at + chance.expovariate(1 / demand.handling), next(order), "done", operator))
    return journeys


def _estimate(values: Sequence[float]) -> Estimate:
    return Estimate(fmean(values), _student(len(values) - 1) * stdev(values) / sqrt(len(values)))


def _student(freedom: int) -> float:
    """Student's quantile for CONFIDENCE on both sides (Fisher's expansion about the normal one)."""
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    second = (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
    return z + (z**3 + z) / (4 * freedom) + second
