"""``denwa staffing``: a plan from typed figures, from the history of a day, or the city's own."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from datetime import date, datetime

from agent_console.japan_day import midnight
from denwa.parts import open_parts, utc_now
from denwa.staffing.city import USUAL_HANDLING_SECONDS, reaches
from denwa.staffing.simulation import simulate
from denwa.staffing.tables import city_lines, day_lines, plan_lines, simulated_lines
from kernel.erlang import Demand
from kernel.figures import QueueFigures, rules_of, summed
from kernel.settings import Settings
from kernel.staffing import QUARTER_SECONDS, Goal, Measure, demand_of, needs, plan

SIMULATED_CALLS = 5_000
SIMULATED_RUNS = 16
SEED = 1


class NoHistory(Exception):
    """Nothing was answered on that day, so nothing can be planned from it."""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """What ``denwa staffing`` takes."""
    source = command.add_mutually_exclusive_group(required=True)
    source.add_argument("--calls", type=_positive, help="calls a quarter of an hour; with --handling")
    source.add_argument(
        "--day", type=date.fromisoformat, help="plan for the busiest quarter of that day, as 2026-11-24"
    )
    source.add_argument("--city", action="store_true", help="what the city's own plan takes for granted")
    command.add_argument("--handling", type=_positive, help="seconds of talk and wrap-up (from the day, if given one)")
    command.add_argument("--patience", type=_positive, help="seconds; without: nobody gives up, or as the day shows")
    command.add_argument("--target", type=float, default=10.0, help="seconds within which to answer (10)")
    command.add_argument("--goal", type=_percent, default=0.8, help="percent that are to be answered (80)")
    command.add_argument(
        "--of", type=Measure, choices=list(Measure), default=Measure.IN_TIME, help="what the goal counts"
    )
    command.add_argument("--seats", type=int, help="say also what so many seats bring")
    command.add_argument("--simulate", action="store_true", help="let the platform's own distribution serve such calls")


async def staffing(settings: Settings, args: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Print the plan. Raises ValueError or NoHistory, whose message says what is wrong."""
    if args.city:
        handling = args.handling or USUAL_HANDLING_SECONDS
        lines = city_lines(reaches(handling=handling), handling)
    elif args.day:
        demand, quarters = await _history(settings, args)
        lines = _planned(demand, args) + day_lines(needs(quarters, demand, _goal(args)))
    else:
        lines = _planned(_typed(args), args)
    for line in lines:
        say(line)
    return 0


def _goal(args: argparse.Namespace) -> Goal:
    return Goal(args.of, args.goal, args.target)


def _planned(demand: Demand, args: argparse.Namespace) -> list[str]:
    made = plan(demand, _goal(args), args.seats)
    lines = plan_lines(made)
    served = made.seated or made.needed
    if args.simulate and served:
        found = simulate(demand, served.operators, args.target, calls=SIMULATED_CALLS, runs=SIMULATED_RUNS, seed=SEED)
        lines += simulated_lines(served, found)
    return lines


def _typed(args: argparse.Namespace) -> Demand:
    if args.handling is None:
        raise ValueError("--calls needs --handling: seconds of talk and wrap-up")
    return Demand(args.calls / QUARTER_SECONDS, args.handling, args.patience)


async def _history(settings: Settings, args: argparse.Namespace) -> tuple[Demand, Mapping[datetime, QueueFigures]]:
    """The busiest quarter of the day, and all of them."""
    async with open_parts(settings) as parts:
        rules = rules_of(await parts.store.centres.current())
        figures = await parts.store.figures.day(midnight(args.day), rules, utc_now())
    quarters = summed(figures.queues.items(), lambda key: key[0])
    found = demand_of(quarters.values())
    if found is None:
        raise NoHistory(f"no call was answered on {args.day}: give --calls and --handling instead")
    return Demand(found.arrivals, args.handling or found.handling, args.patience or found.patience), quarters


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < 1e6:
        raise argparse.ArgumentTypeError("a number greater than 0")
    return value


def _percent(text: str) -> float:
    value = float(text) / 100
    if not 0.01 <= value < 1:
        raise argparse.ArgumentTypeError("a percentage from 1 to less than 100, as 80")
    return value
