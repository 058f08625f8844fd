"""A queue's settings, made ready for deciding. Pure.

All calls of a queue ask for the same skills and for less the longer they wait. So an operator has one number for each
queue: the waiting time from which on its calls may be offered, the operator's *tier*. Waiting times are timedeltas,
because an alarm set for ``since + after`` must find the time reached, to the microsecond.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from kernel.routing import Need, Queue

AT_ONCE = timedelta()


@dataclass(frozen=True, slots=True)
class Rules:
    """``tiers``: the waiting times at which the needs change, rising, from 0."""

    queue: Queue
    tiers: tuple[timedelta, ...]
    aging: timedelta | None
    last_operator: timedelta
    waited_after: timedelta | None
    unstaffed_after: timedelta | None

    @classmethod
    def of(cls, queue: Queue) -> Self:
        """The rules of ``queue`` as it is set now."""
        steps = {timedelta(seconds=step.after) for need in queue.needs for step in need.relax}
        return cls(
            queue,
            tiers=(AT_ONCE, *sorted(steps)),
            aging=timedelta(seconds=queue.aging_seconds) if queue.aging_seconds else None,
            last_operator=timedelta(seconds=queue.last_operator_seconds),
            waited_after=_after(queue, "waited"),
            unstaffed_after=_after(queue, "no_operator"),
        )

    def tier(self, skills: Mapping[str, int]) -> int | None:
        """From which tier on an operator with ``skills`` is able; None for never."""
        able = (
            number
            for number, waited in enumerate(self.tiers)
            if all(skills.get(need.skill, 0) >= level(need, waited) for need in self.queue.needs)
        )
        return next(able, None)

    def open_tiers(self, waited: timedelta) -> int:
        """How many tiers may be offered a call that has waited so long; at least one, also when clocks disagree."""
        return max(1, bisect_right(self.tiers, waited))

    def priority(self, own: int, waited: timedelta) -> int:
        """The present priority of a call whose ``own`` priority is added to the queue's; it grows with waiting."""
        steps = max(0, waited // self.aging) if self.aging else 0
        return self.queue.priority + own + steps

    def levels(self, waited: timedelta) -> dict[str, int]:
        """What is asked of an operator for a call that has waited so long; skills not asked any more are left out."""
        asked = {need.skill: level(need, waited) for need in self.queue.needs}
        return {skill: lowest for skill, lowest in asked.items() if lowest}


def level(need: Need, waited: timedelta) -> int:
    """The lowest level that satisfies ``need`` after ``waited``."""
    lowest = need.level
    for step in need.relax:
        if timedelta(seconds=step.after) <= waited:
            lowest = step.level
    return lowest


def waited(since: datetime, now: datetime) -> timedelta:
    """How long a call has waited; not less than nothing, whatever clocks do."""
    return max(AT_ONCE, now - since)


def _after(queue: Queue, when: str) -> timedelta | None:
    rule = queue.leads_on(when)
    return timedelta(seconds=rule.after) if rule else None
