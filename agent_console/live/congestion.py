"""When callers were turned away, and how many, as the log of events tells it. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime

from agent_console.japan_day import day_of
from kernel.admission import Level
from kernel.events import Event, EventKind

KEPT = 20
FRESH = frozenset({EventKind.CONTROLLER_STARTED, EventKind.CONTROLLER_STOPPED})
"""Whoever drives next begins by letting callers in."""


@dataclass(frozen=True, slots=True)
class Episode:
    """``level`` is the worst of it, ``why`` its first reason; ``ends`` is None while it lasts."""

    begins: datetime
    level: Level
    why: str
    ends: datetime | None = None


class Congestion:
    """Grows with each event, in the order of the log."""

    def __init__(self) -> None:
        self._episodes: list[Episode] = []
        self._turned_away: Counter[date] = Counter()

    def apply(self, event: Event) -> None:
        """Take one event in."""
        if event.kind is EventKind.ADMISSION_CHANGED:
            self._changed(event, Level(str(event.data["level"])))
        elif event.kind in FRESH:
            self._changed(event, Level.OPEN)
        elif event.kind is EventKind.CALL_TURNED_AWAY:
            self._turned_away[day_of(event.at)] += 1

    @property
    def now(self) -> Episode | None:
        """What lasts; None while callers are let in."""
        return self._episodes[-1] if self._episodes and self._episodes[-1].ends is None else None

    def over(self, day: date) -> tuple[Episode, ...]:
        """What began on ``day`` and is over, the newest first."""
        return tuple(one for one in reversed(self._episodes) if one.ends and day_of(one.begins) == day)

    def turned_away(self, day: date) -> int:
        """How many callers were turned away."""
        return self._turned_away[day]

    def forget(self, oldest: date) -> None:
        """Drop what is before ``oldest``."""
        for day in [day for day in self._turned_away if day < oldest]:
            del self._turned_away[day]

    def _changed(self, event: Event, level: Level) -> None:
        present = self.now
        if level is Level.OPEN:
            if present:
                self._episodes[-1] = replace(present, ends=event.at)
        elif present:
            self._episodes[-1] = replace(present, level=Level.BUSY if level is Level.BUSY else present.level)
        else:
            self._episodes = [*self._episodes[-KEPT:], Episode(event.at, level, str(event.data.get("why", "")))]
