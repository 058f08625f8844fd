"""How long callers wait for how many operators: Erlang's and Palm's formulas in closed form. Pure.

Calls come at random (Poisson), handling times and callers' patience are exponential. Times are in seconds. Everything
is computed from sums of positive terms, so that nothing cancels or overflows: from 1 to 1,000 operators and beyond.

Sources: A. K. Erlang 1917 (B and C); C. Palm 1946 and A. Mandelbaum, S. Zeltyn, "The Palm/Erlang-A Queue, with
Applications to Call Centers", 2005 (A).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, expm1, inf, log

NEGLIGIBLE = 1e-17
MOST_OPERATORS = 2_000


@dataclass(frozen=True, slots=True)
class Demand:
    """``arrivals``: calls a second. ``handling``: talk and wrap-up. ``patience``: the mean; None: nobody gives up."""

    arrivals: float
    handling: float
    patience: float | None = None

    def __post_init__(self) -> None:
        for value in (self.arrivals, self.handling, 1.0 if self.patience is None else self.patience):
            if not 0 < value < inf:
                raise ValueError("calls, handling time and patience are greater than 0")

    @property
    def load(self) -> float:
        """In erlang: how many operators would always be busy if none ever lacked."""
        return self.arrivals * self.handling


@dataclass(frozen=True, slots=True)
class Service:
    """What callers and operators meet. Shares are of all calls; ``mean_wait`` is infinite where the queue only grows.

    ``waits``: has to wait at all. ``in_time``: answered within the target.
    """

    operators: int
    waits: float
    in_time: float
    answered: float
    mean_wait: float
    occupancy: float


def erlang_b(operators: int, load: float) -> float:
    """The share of calls that find all ``operators`` busy where nobody may wait."""
    inverse = 1.0
    for busy in range(1, operators + 1):
        inverse = 1.0 + inverse * busy / load
        if inverse == inf:
            return 0.0
    return 1.0 / inverse


def erlang_c(operators: int, load: float) -> float:
    """The share of calls that wait where nobody gives up; 1 where the load is too much."""
    if operators <= load:
        return 1.0
    blocked = erlang_b(operators, load)
    return blocked / (1.0 - load / operators * (1.0 - blocked))


def service(operators: int, demand: Demand, target: float) -> Service:
    """Erlang A where callers have a ``patience``, else Erlang C."""
    if operators < 1 or target < 0:
        raise ValueError("at least one operator, and a target of 0 s or more")
    return _patient(operators, demand, target) if demand.patience is None else _impatient(operators, demand, target)


def operators_needed(demand: Demand, target: float, enough: Callable[[Service], bool]) -> Service | None:
    """The least number of operators for whom ``enough`` holds, with what it brings; None above MOST_OPERATORS.

    ``enough`` must hold for every greater number too.
    """
    low, high = 1, MOST_OPERATORS
    if not enough(service(high, demand, target)):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(service(middle, demand, target)) else (middle + 1, high)
    return service(low, demand, target)


def handling_reachable(
    operators: int, arrivals: float, patience: float | None, target: float, enough: Callable[[Service], bool]
) -> float:
    """The longest mean handling time with which ``operators`` still suffice, to a tenth of a second; 0 for none."""
    low, high = 0, 36_000
    while low < high:
        middle = (low + high + 1) // 2
        demand = Demand(arrivals, middle / 10, patience)
        low, high = (middle, high) if enough(service(operators, demand, target)) else (low, middle - 1)
    return low / 10


def _patient(operators: int, demand: Demand, target: float) -> Service:
    spare = operators - demand.load
    if spare <= 0:
        return Service(operators, 1.0, 0.0, 1.0, inf, 1.0)
    waits = erlang_c(operators, demand.load)
    in_time = 1.0 - waits * exp(-spare * target / demand.handling)
    return Service(operators, waits, in_time, 1.0, waits * demand.handling / spare, demand.load / operators)


def _impatient(operators: int, demand: Demand, target: float) -> Service:
    assert demand.patience is not None
    served, leave = operators * demand.patience / demand.handling, demand.arrivals * demand.patience
    queue, length = _palm(served, leave)
    blocked, empty = erlang_b(operators, demand.load), exp(-queue)
    waits = blocked / (empty + (1.0 - empty) * blocked)
    gone = waits * length / leave
    in_time = 1.0 - waits + waits * _answered_in_time(served, leave, target / demand.patience, queue)
    return Service(
        operators=operators,
        waits=waits,
        in_time=min(in_time, 1.0 - gone),
        answered=1.0 - gone,
        mean_wait=gone * demand.patience,
        occupancy=min(demand.load * (1.0 - gone) / operators, 1.0),
    )


def _answered_in_time(served: float, leave: float, target: float, queue: float) -> float:
    """Of those who wait: answered within ``target``, in units of the patience.

    The offered wait has the density c·exp(leave·(1 - e^-t) - served·t), and a caller is still there with e^-t; the
    integral is a difference of two incomplete gamma functions, which Palm's function expresses.
    """
    staying = leave * exp(-target)
    whole, _ = _palm(served + 1.0, leave)
    rest, _ = _palm(served + 1.0, staying)
    later = rest + leave - staying - target * (served + 1.0)
    return served / (served + 1.0) * exp(whole - queue) * -expm1(min(later - whole, 0.0))


def _palm(x: float, y: float) -> tuple[float, float]:
    """log A and the mean index of A(x, y) = sum over j of y^j / ((x+1)…(x+j)).

    With x = operators·patience/handling and y = arrivals·patience the terms are the chances of j callers waiting.
    """
    term = total = 1.0
    weighted, scale, index = 0.0, 0.0, 0
    while True:
        index += 1
        ratio = y / (x + index)
        term *= ratio
        total += term
        weighted += index * term
        if ratio < 1.0 and term * index <= NEGLIGIBLE * total * (1.0 - ratio):
            return scale + log(total), weighted / total
        if total > 1e250:
            term, weighted, scale = term / total, weighted / total, scale + log(total)
            total = 1.0
