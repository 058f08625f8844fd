"""When time alone changes what is to be decided. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from heapq import heappop, heappush
from itertools import count

from dialplan.acd.waiting import Line


class Alarms:
    """One alarm a line: the latest that was set holds."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, Line]] = []
        self._number = count()

    def set(self, line: Line, at: datetime | None) -> None:
        """Let ``line`` be looked at again at ``at``; None: not for the time's sake."""
        if at is not None and at != line.alarm:
            heappush(self._heap, (at, next(self._number), line))
        line.alarm = at

    def due(self, now: datetime) -> Iterator[Line]:
        """The lines to be looked at now, each once."""
        while self._heap and self._heap[0][0] <= now:
            at, _, line = heappop(self._heap)
            if line.alarm == at:
                line.alarm = None
                yield line

    def next(self) -> datetime | None:
        """The earliest alarm that holds."""
        while self._heap and self._heap[0][2].alarm != self._heap[0][0]:
            heappop(self._heap)
        return self._heap[0][0] if self._heap else None
