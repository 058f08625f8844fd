"""The city's plan: 10,250 calls a week, at most 4 seats, at least 90 % answered. What it takes for granted. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kernel.erlang import Demand, Service, service
from kernel.staffing import Goal, Measure, plan

CALLS_A_WEEK = 10_250
SEATS = 4
GOAL = Goal(Measure.ANSWERED, 0.9)
PATIENCE_SECONDS = (60.0, 120.0, 300.0)
USUAL_HANDLING_SECONDS = 180.0
OPEN_HOURS = 43.75
"""A week without holidays: 08:30 to 17:15 from Monday to Friday."""


@dataclass(frozen=True, slots=True)
class Profile:
    """How the week's calls come: evenly over ``hours``, or, with a ``peak``, so many times as many as on average."""

    name: str
    hours: float
    peak: float = 1.0

    @property
    def arrivals(self) -> float:
        """Calls a second, at the peak."""
        return CALLS_A_WEEK / (self.hours * 3600) * self.peak


PROFILES = (
    Profile("evenly, day and night, all week", 168.0),
    Profile("evenly, in the opening hours", OPEN_HOURS),
    Profile("opening hours, a peak hour of 1.5 times", OPEN_HOURS, 1.5),
)


@dataclass(frozen=True, slots=True)
class Reach:
    """What the plan means for one profile and one patience.

    ``bearable``: the longest mean handling time, in seconds, that reaches the goal. ``usual``: what the seats bring
    with the usual handling time, and ``needed`` how many operators that would take.
    """

    profile: Profile
    patience: float
    bearable: float
    usual: Service
    needed: int


def reaches(profiles: Sequence[Profile] = PROFILES, handling: float = USUAL_HANDLING_SECONDS) -> Iterator[Reach]:
    """Each profile with each patience; ``handling`` is what is usual."""
    for profile in profiles:
        for patience in PATIENCE_SECONDS:
            demand = Demand(profile.arrivals, handling, patience)
            planned = plan(demand, GOAL, SEATS)
            if planned.needed is None or planned.bearable is None:
                raise RuntimeError("the city's calls are within what can be planned")
            usual = service(SEATS, demand, GOAL.target)
            yield Reach(profile, patience, planned.bearable, usual, planned.needed.operators)
