"""The calls that wait, in lines. Pure.

A line holds calls of one queue and one priority, all for anybody or all for one operator, all with or all without a
caller on the line. In a line who has waited
longest has the highest priority and the least needs; so only the head of each line can be next, however many wait.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from dialplan.acd.rules import AT_ONCE, Rules


@dataclass(frozen=True, slots=True, order=True)
class Waiting:
    """A call's place: who has waited longer comes first; the id decides between equals.

    ``priority`` is the call's own, added to the queue's. ``last`` is the operator who last spoke with this caller.
    ``assigned`` is the operator for whom a supervisor lets it wait.
    ``stays``: nobody is on the line (a callback), so the place is kept whatever the queue's overflow rules say.
    ``returned``: it came back from a transfer, and is ``assigned`` to who transferred it.
    """

    since: datetime
    call: str
    queue: str
    priority: int = 0
    last: str | None = None
    assigned: str | None = None
    stays: bool = False
    returned: bool = False


class Line:
    """Calls in the order of their waiting. ``only`` is the operator for whom they wait, None for anybody.

    ``bound``: a supervisor has ordered that they wait for that operator, for as long as the operator is at work.
    ``alarm`` is when time alone may let something happen to its head; None while nothing is known of that.
    """

    __slots__ = ("alarm", "bound", "calls", "only", "priority", "queue", "stays")

    def __init__(
        self, queue: str, priority: int, only: str | None, *, bound: bool = False, stays: bool = False
    ) -> None:
        self.queue = queue
        self.stays = stays
        self.priority = priority
        self.only = only
        self.bound = bound
        self.calls: list[tuple[datetime, str]] = []
        self.alarm: datetime | None = None


class Waitings:
    """All waiting calls."""

    def __init__(self) -> None:
        self._places: dict[str, tuple[Waiting, Line]] = {}
        self._lines: dict[str, dict[tuple[int, str | None, bool, bool], Line]] = {}

    def enter(self, place: Waiting, only: str | None, *, bound: bool = False) -> Line:
        """Put a call that is in no line into the line that it belongs to, and return that."""
        lines = self._lines.setdefault(place.queue, {})
        key = (place.priority, only, bound, place.stays)
        line = lines.setdefault(key, Line(place.queue, place.priority, only, bound=bound, stays=place.stays))
        insort(line.calls, (place.since, place.call))
        self._places[place.call] = (place, line)
        return line

    def leave(self, call: str) -> Line | None:
        """Take a call out; the line when it was the head of one, whose turn it is now."""
        place, line = self._places.pop(call, (None, None))
        if place is None or line is None:
            return None
        at = bisect_left(line.calls, (place.since, call))
        del line.calls[at]
        if not line.calls:
            del self._lines[line.queue][line.priority, line.only, line.bound, line.stays]
        return line if at == 0 else None

    def place(self, call: str) -> Waiting | None:
        """Where a call waits; None when it waits nowhere."""
        found = self._places.get(call)
        return found[0] if found else None

    def all(self) -> list[Waiting]:
        """Every call that waits, in the order in which they entered."""
        return [place for place, _ in self._places.values()]

    def line(self, call: str) -> Line:
        """The line of a call that waits."""
        return self._places[call][1]

    def head(self, line: Line) -> Waiting:
        """Who is first in a line that is not empty."""
        return self._places[line.calls[0][1]][0]

    def lines(self, queue: str) -> Iterator[Line]:
        """The lines of ``queue`` in which somebody waits."""
        return iter(self._lines.get(queue, {}).values())

    def queues(self) -> Iterator[str]:
        """The queues in which a call has ever waited."""
        return iter(self._lines)

    def length(self, queue: str) -> int:
        """How many calls wait in ``queue``."""
        return sum(len(line.calls) for line in self.lines(queue))

    def ahead(self, call: str, rules: Rules, now: datetime) -> int:
        """How many calls of the same queue come before ``call``, by priority as it is now, then by waiting time."""
        place, _ = self._places[call]
        mine = rules.priority(place.priority, now - place.since)
        return sum(_ahead(line, place, mine, rules, now) for line in self.lines(place.queue))


def _ahead(line: Line, place: Waiting, mine: int, rules: Rules, now: datetime) -> int:
    """A line's priorities fall from its head on: higher ones than ``mine`` first, then equal ones."""

    def at_least(priority: int) -> int:
        steps = priority - rules.priority(line.priority, AT_ONCE)
        if steps <= 0:
            return len(line.calls)
        return bisect_right(line.calls, now - steps * rules.aging, key=_since) if rules.aging else 0

    return max(at_least(mine + 1), min(at_least(mine), bisect_left(line.calls, (place.since, place.call))))


def _since(entry: tuple[datetime, str]) -> datetime:
    return entry[0]
