"""How many operators a goal takes, and what a number of seats is good for. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from kernel.erlang import MOST_OPERATORS, Demand, Service, handling_reachable, operators_needed, service
from kernel.figures import QUARTER, QueueFigures

QUARTER_SECONDS = QUARTER.total_seconds()
AROUND = 5


class Measure(StrEnum):
    """What the goal is a share of all calls of: those answered within the target, or all that are answered."""

    IN_TIME = "in_time"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Goal:
    """At least ``share`` (0 to 1, not 1) by ``measure``; ``target`` in seconds (T4: 10 s, three rings)."""

    measure: Measure = Measure.IN_TIME
    share: float = 0.8
    target: float = 10.0

    def __post_init__(self) -> None:
        if not 0 < self.share < 1 or self.target < 0:
            raise ValueError("a goal is a share between 0 and 1, a target 0 s or more")

    def reached_by(self, one: Service) -> bool:
        return (one.in_time if self.measure is Measure.IN_TIME else one.answered) >= self.share


@dataclass(frozen=True, slots=True)
class Plan:
    """``needed``: the least that reach the goal, None above MOST_OPERATORS. ``rows``: what fewer and more would bring.

    With ``seats``: what these bring (``seated``) and the longest mean handling time, in seconds, with which they reach
    the goal (``bearable``).
    """

    demand: Demand
    goal: Goal
    needed: Service | None
    rows: tuple[Service, ...]
    seats: int | None = None
    seated: Service | None = None
    bearable: float | None = None


def plan(demand: Demand, goal: Goal, seats: int | None = None) -> Plan:
    """Erlang A where ``demand`` has a patience, else Erlang C. Raises ValueError for no seats or too many."""
    if seats is not None and not 1 <= seats <= MOST_OPERATORS:
        raise ValueError(f"seats are 1 to {MOST_OPERATORS}")
    needed = operators_needed(demand, goal.target, goal.reached_by)
    middle = needed.operators if needed else round(demand.load) + 1
    numbers = set(range(max(1, middle - AROUND), middle + AROUND + 1))
    numbers.update(() if seats is None else (seats,))
    rows = tuple(service(number, demand, goal.target) for number in sorted(numbers))
    if seats is None:
        return Plan(demand, goal, needed, rows)
    bearable = handling_reachable(seats, demand.arrivals, demand.patience, goal.target, goal.reached_by)
    return Plan(demand, goal, needed, rows, seats, service(seats, demand, goal.target), bearable)


@dataclass(frozen=True, slots=True)
class Need:
    """How many operators the goal takes in the quarter of an hour from ``begins``; None above MOST_OPERATORS."""

    begins: datetime
    calls: int
    operators: int | None


def needs(quarters: Mapping[datetime, QueueFigures], demand: Demand, goal: Goal) -> tuple[Need, ...]:
    """For each quarter in which somebody called, in their order; handling and patience are those of ``demand``."""
    return tuple(
        Need(begins, one.offered, _needed(replace(demand, arrivals=one.offered / QUARTER_SECONDS), goal))
        for begins, one in sorted(quarters.items())
        if one.offered
    )


def _needed(demand: Demand, goal: Goal) -> int | None:
    found = operators_needed(demand, goal.target, goal.reached_by)
    return found.operators if found else None


def demand_of(quarters: Iterable[QueueFigures]) -> Demand | None:
    """The demand of the busiest of ``quarters``, with the handling and the patience of all; None without an answer."""
    quarters = tuple(quarters)
    total = sum(quarters, QueueFigures())
    if not total.handling:
        return None
    busiest = max(one.offered for one in quarters)
    patience = total.patience.total_seconds() if total.patience else None
    return Demand(max(busiest, 1) / QUARTER_SECONDS, total.handling.total_seconds(), patience or None)
