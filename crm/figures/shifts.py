"""An operator's day of work: when it began and ended, and what it was made of. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crm.figures.stretches import Stretch

Doing = tuple[str, str]
"""The log's word for a state, and the reason of a pause ("" for none)."""


@dataclass(frozen=True, slots=True)
class Shift:
    """``logged_in`` is the first moment of the day in which the operator was logged in: its midnight where the shift
    began before. ``logged_out`` is the last log-out, None where the shift goes on beyond the end (or beyond now).

    ``times`` add up to ``total`` to the microsecond. While no controller ran, the state that held counts on.
    """

    operator: str
    logged_in: datetime
    logged_out: datetime | None
    times: Mapping[Doing, timedelta] = field(default_factory=dict[Doing, timedelta])

    @property
    def total(self) -> timedelta:
        """The time logged in."""
        return sum(self.times.values(), timedelta())


def shifts(worked: Iterable[Stretch], until: datetime) -> tuple[Shift, ...]:
    """The shifts in ``worked``, the stretches of a day up to ``until``, by operator."""
    own: defaultdict[str, list[Stretch]] = defaultdict(list)
    for stretch in worked:
        own[stretch.operator].append(stretch)
    return tuple(_shift(operator, own[operator], until) for operator in sorted(own))


def _shift(operator: str, worked: list[Stretch], until: datetime) -> Shift:
    times: defaultdict[Doing, timedelta] = defaultdict(timedelta)
    for stretch in worked:
        times[stretch.state, stretch.reason] += stretch.ends - stretch.begins
    last = max(stretch.ends for stretch in worked)
    first = min(stretch.begins for stretch in worked)
    return Shift(operator, first, last if last < until else None, dict(times))
