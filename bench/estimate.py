"""How true the announced wait is, in a simulated queue: calls come at random, handling times are log-normal.

For callers who had to wait, were told something and were taken: the mean of the estimate minus the wait (``bias``), of
the minutes told minus the wait (``told_bias``), and how many were taken within the minutes told (``coverage``).
``--real`` measures the same on a real Asterisk (``bench.told``). Prints one JSON object on its last line.
"""

from __future__ import annotations

import argparse
import asyncio
import heapq
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import inf

import numpy as np

from bench.told import CALLS as REAL_CALLS
from bench.told import real
from dialplan.acd.pace import Expected, Pace, minutes_to_tell

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
HANDLING_SECONDS = 240.0
SPREAD = 0.7
"""Of the logarithm of handling times; 1.0 would be nearly exponential in its variance."""
SIZES = ((1, 0.9), (2, 0.9), (4, 0.9), (4, 0.98), (20, 0.9), (20, 0.98))
IMPATIENT = ((4, 1.2, 300.0), (4, 1.5, 600.0), (20, 1.1, 300.0))
CALLS = 40_000


@dataclass(frozen=True, slots=True)
class Told:
    """In seconds: the mean that was expected, the announced minutes, the wait from then on."""

    expected: float
    minutes: int | None
    waited: float


class SimulatedQueue:
    """Callers who are served in their order, and give up after ``patience`` of their own (inf: never)."""

    def __init__(self, operators: int, handling: Sequence[float], patience: Sequence[float]) -> None:
        self.pace = Pace()
        self.waiting: dict[int, float] = {}
        self.taken: dict[int, float] = {}
        self._operators = operators
        self._free = [0.0] * operators
        self._handling = handling
        self._patience = patience
        self._giving_up: list[tuple[float, int]] = []

    def comes(self, call: int, at: float) -> Expected | None:
        """A caller comes; what is expected, None for one who is taken at once, too."""
        self.waiting[call] = at
        heapq.heappush(self._giving_up, (at + self._patience[call], call))
        self.until(at)
        waits = call in self.waiting
        return self.pace.expected("q", len(self.waiting), self._operators, _at(at)) if waits else None

    def until(self, now: float) -> None:
        """Let happen what happens up to ``now``."""
        while self.waiting:
            first = next(iter(self.waiting))
            taken = max(self._free[0], self.waiting[first])
            while self._giving_up and self._giving_up[0][1] not in self.waiting:
                heapq.heappop(self._giving_up)
            gives_up, who = self._giving_up[0] if self._giving_up else (inf, first)
            if min(taken, gives_up) > now:
                return
            if gives_up < taken:
                self.pace.gave_up("q", _at(self.waiting.pop(who)), _at(gives_up))
                continue
            heapq.heapreplace(self._free, taken + self._handling[first])
            self.pace.taken("q", _at(self.waiting.pop(first)), self._operators, _at(taken))
            self.taken[first] = taken


def simulate(operators: int, load: float, calls: int, seed: int, patience: float | None = None) -> list[Told]:
    """Each caller who finds all operators busy is told once, on coming. ``load``: work offered for each operator."""
    rng = np.random.default_rng(seed)
    arrivals = np.cumsum(rng.exponential(HANDLING_SECONDS / operators / load, calls)).tolist()
    handling = rng.lognormal(np.log(HANDLING_SECONDS) - SPREAD**2 / 2, SPREAD, calls).tolist()
    patiences = rng.exponential(patience, calls).tolist() if patience else [1e9] * calls
    queue = SimulatedQueue(operators, handling, patiences)
    expected = {call: said for call in range(calls) if (said := queue.comes(call, arrivals[call]))}
    queue.until(1e8)
    return [
        Told(said.mean.total_seconds(), minutes_to_tell(said.sure, None), queue.taken[call] - arrivals[call])
        for call, said in expected.items()
        if call in queue.taken
    ]


def _at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=float(seconds))


def figures(told: Sequence[Told]) -> dict[str, float]:
    """Bias and coverage of what is worth telling."""
    worth = [one for one in told if one.minutes]
    if not worth:
        return {"estimates": len(told), "told": 0}
    expected, waited = (np.array([getattr(one, name) for one in worth]) for name in ("expected", "waited"))
    seconds = np.array([60 * (one.minutes or 0) for one in worth])
    return {
        "estimates": len(told),
        "told": len(worth),
        "mean_wait_s": round(float(waited.mean()), 1),
        "bias_s": round(float((expected - waited).mean()), 1),
        "relative_bias": round(float((expected - waited).mean() / waited.mean()), 3),
        "told_bias": round(float((seconds - waited).mean() / waited.mean()), 3),
        "coverage": round(float((waited <= seconds).mean()), 3),
        "within_half": round(float((np.abs(expected - waited) <= np.maximum(60, waited / 2)).mean()), 3),
        "median_relative_error": round(float(np.median(np.abs(expected - waited) / np.maximum(waited, 30))), 3),
    }


def simulated() -> dict[str, dict[str, float]]:
    """Figures of all sizes of queue."""
    runs = {f"{operators} operators, load {load}": (operators, load, None) for operators, load in SIZES}
    runs |= {f"{n} operators, load {load}, patience {p:.0f} s": (n, load, p) for n, load, p in IMPATIENT}
    found: dict[str, dict[str, float]] = {}
    for name, (operators, load, patience) in runs.items():
        found[name] = figures(simulate(operators, load, CALLS, seed=1, patience=patience))
        print(name, found[name])
    return found


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m bench.estimate")
    arguments.add_argument("--real", action="store_true", help="on a real Asterisk; takes some minutes")
    arguments.add_argument("--calls", type=int, default=REAL_CALLS, help="of a real run")
    given = arguments.parse_args()
    if given.real:
        print(json.dumps(asyncio.run(real(given.calls))))
    else:
        print(json.dumps(simulated()))


if __name__ == "__main__":
    main()
