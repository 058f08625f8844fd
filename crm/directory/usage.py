"""Which extensions are put through to: who used which last, and how often all together did. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from kernel.events import Event, EventKind, StoredEvent

USED = EventKind.HAND_OVER_STARTED
"""The event that is counted: what was tried was looked for, whether or not it was answered."""

REMEMBERED = timedelta(days=90)


class Usage:
    """Grows with each event, in the order of the log; told twice it counts once."""

    def __init__(self, events: Iterable[StoredEvent] = ()) -> None:
        self.last = 0
        self._times: Counter[str] = Counter()
        self._by_operator: defaultdict[str, dict[str, datetime]] = defaultdict(dict)
        for stored in events:
            self.note(stored)

    def note(self, stored: StoredEvent) -> None:
        """Count it if it is a transfer."""
        if stored.id <= self.last:
            return
        self.last = stored.id
        if stored.event.kind is USED and (extension := str(stored.event.data.get("extension") or "")):
            self._times[extension] += 1
            if who := _who(stored.event):
                self._by_operator[who][extension] = stored.event.at

    def times(self, extension: str) -> int:
        """How often it was tried."""
        return self._times[extension] if extension else 0

    def last_used(self, operator: str, extension: str) -> datetime | None:
        """When ``operator`` tried it last."""
        return self._by_operator[operator].get(extension) if operator in self._by_operator else None


def _who(event: Event) -> str:
    """The operator, or the supervisor who had taken the call over."""
    return str(event.data.get("by") or event.operator or "")
