"""Who is let in, one caller after the other. Time is an argument, nothing here waits or tells."""

from __future__ import annotations

from dataclasses import dataclass

from dialplan.admission.bucket import Bucket, take
from dialplan.admission.strain import Load, Strain, higher, judge
from kernel.admission import Level, Limits

ARRIVALS, CALLS = "arrivals", "calls"
"""Why somebody is turned away though nothing is strained: too many in a short time, or on the line."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a caller gets, and why not the line."""

    level: Level
    why: str = ""


OPEN = Verdict(Level.OPEN)


class Door:
    """``state`` is what the door does as a whole: open, or how and why it turns callers away."""

    def __init__(self, limits: Limits, now: float) -> None:
        self._limits = limits
        self._strain = Strain()
        self._arrivals = Bucket(limits.burst, now)
        self._guided = Bucket(limits.guided_burst, now)
        self._full = OPEN
        self._full_at = now
        self.state = OPEN

    def look(self, load: Load, now: float) -> None:
        """Take a measurement in."""
        self._strain = judge(self._strain, load, self._limits, now)
        if now - self._full_at >= self._limits.calm_seconds:
            self._full = OPEN
        self._set()

    def arrives(self, calls: int, now: float) -> Verdict:
        """What the next caller gets, with ``calls`` on the line already."""
        verdict = self._judged(calls, now)
        if verdict.level is Level.GUIDANCE:
            there_is_one, self._guided = take(
                self._guided, self._limits.guided_per_second, self._limits.guided_burst, now
            )
            verdict = verdict if there_is_one else Verdict(Level.BUSY, verdict.why)
        if self._strain.level is Level.OPEN and verdict.level is not Level.OPEN:
            self._full = Verdict(higher(self._full.level, verdict.level), self._full.why or verdict.why)
            self._full_at = now
            self._set()
        return verdict

    def _judged(self, calls: int, now: float) -> Verdict:
        if self._strain.level is not Level.OPEN:
            return Verdict(self._strain.level, self._strain.why)
        if calls >= self._limits.calls:
            return Verdict(Level.GUIDANCE, CALLS)
        there_is_room, self._arrivals = take(self._arrivals, self._limits.calls_per_second, self._limits.burst, now)
        return OPEN if there_is_room else Verdict(Level.GUIDANCE, ARRIVALS)

    def _set(self) -> None:
        strained = self._strain.level is not Level.OPEN
        self.state = Verdict(self._strain.level, self._strain.why) if strained else self._full
