"""How long callers will wait, from how fast others were taken lately. Pure.

A queue with so many operators takes a caller each so often. Who stands at place p is taken after p such gaps, or
sooner, for some of those ahead give up. The gap is measured while somebody waited, as operator-seconds, so that it
holds for another number of operators too; the rate of giving up is that of all who waited (given up over time waited).
What is told is not the mean wait but one that SURE of the callers do not exceed, and never rises for the same caller.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, sqrt
from statistics import NormalDist, fmean, pvariance

REMEMBERED = 30
"""Hand-overs; more would be steadier and notice a change later."""
REMEMBERED_WAITS = 100
STALE = timedelta(minutes=60)
"""Less would leave a single operator's queue with too few hand-overs, and those the quick ones."""
ENOUGH = 8
WAITED = timedelta(seconds=1)
"""Who is taken sooner met a free operator and says nothing about the queue's pace."""
SURE = 0.85
"""The share of callers who are to be taken within what was told. Measured it is 0.8 at one operator, more at more."""
LEAST_SPREAD = 0.25
"""Of a gap, as variance over the mean's square: so few hand-overs do not prove a clockwork."""
MOST_PLACES = 1_000
SHORTEST_TOLD, LONGEST_TOLD = 1, 30
"""Minutes. Less is over before it is said, more is a guess."""


@dataclass(frozen=True, slots=True)
class Expected:
    """From now on: the mean wait, and what SURE of such callers do not exceed."""

    mean: timedelta
    sure: timedelta


class Pace:
    """The latest hand-overs of each queue, and how long callers waited for them or until they gave up."""

    def __init__(self) -> None:
        self._gaps: dict[str, deque[tuple[datetime, float]]] = {}
        self._waits: dict[str, deque[tuple[datetime, float, bool]]] = {}
        self._last: dict[str, datetime] = {}

    def taken(self, queue: str, since: datetime, on_duty: int, now: datetime) -> None:
        """The first of ``queue``, who waits since ``since``, goes to one of ``on_duty`` operators."""
        first_since = max(since, self._last.get(queue, since))
        self._last[queue] = now
        if now - since > WAITED and on_duty:
            gaps = self._gaps.setdefault(queue, deque(maxlen=REMEMBERED))
            gaps.append((now, (now - first_since).total_seconds() * on_duty))
        self._waited(queue, since, now, gave_up=False)

    def gave_up(self, queue: str, since: datetime, now: datetime) -> None:
        """A caller who waited since ``since`` left the queue without an operator."""
        self._waited(queue, since, now, gave_up=True)

    def expected(self, queue: str, position: int, on_duty: int, now: datetime) -> Expected | None:
        """The wait of who is at ``position`` (from 1); None where too little is known.

        Beyond MOST_PLACES it is a lower bound.
        """
        samples = [each for at, each in self._gaps.get(queue, ()) if now - at <= STALE]
        if len(samples) < ENOUGH or not on_duty:
            return None
        per_gap, leaving = fmean(samples) / on_duty, self._leaving(queue, now)
        places = range(min(position, MOST_PLACES))
        gaps = [per_gap / (1 + ahead * leaving * per_gap) for ahead in places]
        mean = sum(gaps)
        spread = max(LEAST_SPREAD, pvariance(samples) / fmean(samples) ** 2)
        variance = spread * (sum(gap**2 for gap in gaps) + mean**2 / len(samples))
        return Expected(timedelta(seconds=mean), timedelta(seconds=_exceeded_by_few(mean, variance)))

    def _waited(self, queue: str, since: datetime, now: datetime, *, gave_up: bool) -> None:
        waits = self._waits.setdefault(queue, deque(maxlen=REMEMBERED_WAITS))
        waits.append((now, max(0.0, (now - since).total_seconds()), gave_up))

    def _leaving(self, queue: str, now: datetime) -> float:
        """How many of those who wait give up a second, each by itself."""
        fresh = [(waited, gave_up) for at, waited, gave_up in self._waits.get(queue, ()) if now - at <= STALE]
        total = sum(waited for waited, _ in fresh)
        return sum(gave_up for _, gave_up in fresh) / total if total else 0.0


def _exceeded_by_few(mean: float, variance: float) -> float:
    """The SURE quantile of a gamma distribution (Wilson and Hilferty's approximation): sums of gaps are like it."""
    ninth = variance / (9 * mean**2)
    return mean * (1 - ninth + NormalDist().inv_cdf(SURE) * sqrt(ninth)) ** 3


def minutes_to_tell(expected: timedelta | None, told: int | None) -> int | None:
    """Whole minutes for "N分以内", never more than was ``told`` before; None where nothing is worth telling."""
    if expected is None:
        return None
    minutes = ceil(expected / timedelta(minutes=1))
    if not SHORTEST_TOLD < minutes <= LONGEST_TOLD:
        return None
    return minutes if told is None else min(minutes, told)
