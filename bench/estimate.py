"""How true the announced wait is, in a simulated queue: calls come at random, handling times are log-normal.

For callers who had to wait and were told something: the mean of told minus waited (bias), how many were taken within
the minutes told (``coverage``, told minutes are rounded up), and the median of the error's size over the wait. Prints
one JSON object on its last line.
"""

from __future__ import annotations

import heapq
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from dialplan.acd.pace import Pace, minutes_to_tell

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
HANDLING_SECONDS = 240.0
SPREAD = 0.7
"""Of the logarithm of handling times; 1.0 would be nearly exponential in its variance."""


@dataclass(frozen=True, slots=True)
class Told:
    """In seconds: what the estimate was, the announced minutes, the wait from then on."""

    expected: float
    minutes: int | None
    waited: float


def simulate(operators: int, load: float, calls: int, seed: int) -> list[Told]:
    """Each caller who finds all operators busy is told once, on coming. ``load``: work offered for each operator."""
    rng = np.random.default_rng(seed)
    arrivals = np.cumsum(rng.exponential(HANDLING_SECONDS / operators / load, calls))
    handling = rng.lognormal(np.log(HANDLING_SECONDS) - SPREAD**2 / 2, SPREAD, calls)
    free = [0.0] * operators
    taken_at = np.zeros(calls)
    pace, told, next_to_hear = Pace(), list[Told](), 0
    for call in range(calls):
        arrived = float(arrivals[call])
        taken_at[call] = max(arrived, heapq.heappop(free))
        heapq.heappush(free, float(taken_at[call] + handling[call]))
        while next_to_hear < call and taken_at[next_to_hear] <= arrived:
            since, taken = _at(arrivals[next_to_hear]), _at(taken_at[next_to_hear])
            pace.taken("q", since, operators, taken)
            next_to_hear += 1
        wait = float(taken_at[call] - arrived)
        expected = pace.expected("q", call - next_to_hear + 1, operators, _at(arrived)) if wait > 0 else None
        if expected is not None:
            told.append(Told(expected.total_seconds(), minutes_to_tell(expected, None), wait))
    return told


def _at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=float(seconds))


def figures(told: list[Told]) -> dict[str, float]:
    """Bias and coverage of what is worth telling."""
    worth = [one for one in told if one.minutes]
    expected, waited = (np.array([getattr(one, name) for one in worth]) for name in ("expected", "waited"))
    minutes = np.array([one.minutes for one in worth])
    return {
        "estimates": len(told),
        "told": len(worth),
        "mean_wait_s": round(float(waited.mean()), 1),
        "bias_s": round(float((expected - waited).mean()), 1),
        "relative_bias": round(float((expected - waited).mean() / waited.mean()), 3),
        "coverage": round(float((waited <= minutes * 60).mean()), 3),
        "within_half": round(float((np.abs(expected - waited) <= np.maximum(60, waited / 2)).mean()), 3),
        "median_relative_error": round(float(np.median(np.abs(expected - waited) / np.maximum(waited, 30))), 3),
    }


def main() -> None:
    runs = {f"{operators} operators, load {load}": (operators, load) for operators in (4, 20) for load in (0.9, 0.98)}
    found = {name: figures(simulate(*size, calls=40_000, seed=1)) for name, size in runs.items()}
    for name, figure in found.items():
        print(name, figure)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
