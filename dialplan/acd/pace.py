"""How long callers will wait, from how fast others were taken lately. Pure.

A queue with so many operators takes a caller each so often; who stands at place p is taken p such times from now. The
time between two hand-overs is measured while somebody waited, as operator-seconds, so that it holds for another number
of operators too. It is told where it rests on enough, and never rises for the same caller.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from math import ceil

REMEMBERED = 30
"""Hand-overs; more would be steadier and notice a change later."""
STALE = timedelta(minutes=30)
ENOUGH = 8
WAITED = timedelta(seconds=1)
"""Who is taken sooner met a free operator and says nothing about the queue's pace."""
SHORTEST_TOLD, LONGEST_TOLD = 1, 30
"""Minutes. Less is over before it is said, more is a guess."""


class Pace:
    """The latest hand-overs of each queue."""

    def __init__(self) -> None:
        self._taken: dict[str, deque[tuple[datetime, float]]] = {}
        self._last: dict[str, datetime] = {}

    def taken(self, queue: str, since: datetime, on_duty: int, now: datetime) -> None:
        """The first of ``queue``, who waits since ``since``, goes to one of ``on_duty`` operators."""
        first_since = max(since, self._last.get(queue, since))
        self._last[queue] = now
        if now - since > WAITED and on_duty:
            samples = self._taken.setdefault(queue, deque(maxlen=REMEMBERED))
            samples.append((now, (now - first_since).total_seconds() * on_duty))

    def expected(self, queue: str, position: int, on_duty: int, now: datetime) -> timedelta | None:
        """How long who is at ``position`` (from 1) will wait from now on; None where too little is known."""
        samples = [each for at, each in self._taken.get(queue, ()) if now - at <= STALE]
        if len(samples) < ENOUGH or not on_duty:
            return None
        return timedelta(seconds=position * sum(samples) / len(samples) / on_duty)


def minutes_to_tell(expected: timedelta | None, told: int | None) -> int | None:
    """Whole minutes for "およそN分", never more than was ``told`` before; None where nothing is worth telling."""
    if expected is None:
        return None
    minutes = ceil(expected / timedelta(minutes=1))
    if not SHORTEST_TOLD < minutes <= LONGEST_TOLD:
        return None
    return minutes if told is None else min(minutes, told)
