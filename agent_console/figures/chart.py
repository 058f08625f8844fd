"""Curves as lines of an SVG that the server draws: no script, nothing to load. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kernel.erlang import Service

WIDTH, HEIGHT = 760, 300
LEFT, RIGHT, TOP, BOTTOM = 52, 24, 16, 36


@dataclass(frozen=True, slots=True)
class Curve:
    """``points`` as SVG takes them; ``name`` is the style's."""

    name: str
    points: str


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Shares, from 0 to 100 %, over the number of operators. ``goal`` and ``chosen`` are where lines are drawn."""

    curves: tuple[Curve, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    goal: float
    chosen: float | None
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


NAMED: Sequence[tuple[str, Callable[[Service], float]]] = (
    ("in-time", lambda one: one.in_time),
    ("answered", lambda one: one.answered),
    ("occupancy", lambda one: one.occupancy),
)


def chart(services: Sequence[Service], goal: float, chosen: int | None) -> Chart:
    """Draw ``services``, two or more, in the order of their number of operators."""
    first, last = services[0].operators, services[-1].operators

    def x(operators: int) -> float:
        return round(LEFT + (operators - first) / (last - first) * (WIDTH - RIGHT - LEFT), 1)

    step = max(1, (last - first) // 10)
    return Chart(
        curves=tuple(
            Curve(name, " ".join(f"{x(one.operators)},{_y(read(one))}" for one in services)) for name, read in NAMED
        ),
        across=tuple(Tick(x(number), str(number)) for number in range(first, last + 1, step)),
        up=tuple(Tick(_y(share / 100), f"{share}%") for share in range(0, 101, 20)),
        goal=_y(goal),
        chosen=x(chosen) if chosen is not None and first <= chosen <= last else None,
    )


def _y(share: float) -> float:
    return round(TOP + (1 - min(max(share, 0.0), 1.0)) * (HEIGHT - BOTTOM - TOP), 1)
