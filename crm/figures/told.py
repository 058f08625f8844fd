"""What callers were told of their wait, and how long it then was. Pure: events in, figures by queue out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta

from kernel.events import Event, EventKind

TELLS = (EventKind.WAIT_TOLD, EventKind.CALL_ANSWERED)
"""The kinds that this is made of."""
NONE = timedelta()


@dataclass(frozen=True, slots=True)
class ToldFigures:
    """Calls that were told an expected wait; what they were told first counts, from that moment on.

    ``answered`` of them, ``within`` the minutes told. ``told``, ``expected`` (the mean wait as it was reckoned) and
    ``waited`` are sums over those answered.
    """

    calls: int = 0
    answered: int = 0
    within: int = 0
    told: timedelta = NONE
    expected: timedelta = NONE
    waited: timedelta = NONE

    def __add__(self, other: ToldFigures) -> ToldFigures:
        return ToldFigures(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    @property
    def coverage(self) -> float | None:
        """The share of the answered that was answered within the minutes told."""
        return self.within / self.answered if self.answered else None

    @property
    def mean_told(self) -> timedelta | None:
        return self.told / self.answered if self.answered else None

    @property
    def mean_waited(self) -> timedelta | None:
        return self.waited / self.answered if self.answered else None

    @property
    def bias(self) -> float | None:
        """Told more than waited, over waited; less than 0: told too little."""
        return (self.told - self.waited) / self.waited if self.waited else None

    @property
    def mean_bias(self) -> float | None:
        """The same of the mean wait that was reckoned, before the allowance that makes most callers lie within."""
        return (self.expected - self.waited) / self.waited if self.waited else None


def told(events: Iterable[Event]) -> dict[str, ToldFigures]:
    """By queue, from whole calls' events in the order of the log."""
    first: dict[str, Event] = {}
    answered: dict[str, Event] = {}
    for event in events:
        if event.call and event.kind is EventKind.WAIT_TOLD:
            first.setdefault(event.call, event)
        elif event.call in first and event.kind is EventKind.CALL_ANSWERED:
            answered.setdefault(event.call, event)
    figures: dict[str, ToldFigures] = {}
    for call, said in first.items():
        queue = said.queue or ""
        figures[queue] = figures.get(queue, ToldFigures()) + _one(said, answered.get(call))
    return figures


def _one(said: Event, answered: Event | None) -> ToldFigures:
    if answered is None:
        return ToldFigures(calls=1)
    minutes, waited = timedelta(minutes=_number(said.data, "minutes")), max(answered.at - said.at, NONE)
    expected = timedelta(seconds=_number(said.data, "expected_seconds"))
    return ToldFigures(1, 1, int(waited <= minutes), minutes, expected, waited)


def _number(data: Mapping[str, object], name: str) -> float:
    value = data.get(name)
    return value if isinstance(value, int | float) else 0.0
