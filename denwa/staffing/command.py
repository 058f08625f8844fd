"""``denwa staffing``: a plan from typed figures, from the history of a day, or the city's own."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date

from agent_console.japan_day import midnight
from denwa.parts import open_parts, utc_now
from denwa.staffing.city import reaches
from denwa.staffing.simulation import simulate
from denwa.staffing.tables import city_lines, plan_lines, simulated_lines
from kernel.erlang import Demand
from kernel.figures import rules_of, summed
from kernel.settings import Settings
from kernel.staffing import QUARTER_SECONDS, Goal, Measure, demand_of, plan

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
    lines = city_lines(reaches()) if args.city else _planned(await _demand(settings, args), args)
    for line in lines:
        say(line)
    return 0


def _planned(demand: Demand, args: argparse.Namespace) -> list[str]:
    made = plan(demand, Goal(args.of, args.goal, args.target), args.seats)
    lines = plan_lines(made)
    served = made.seated or made.needed
    if args.simulate and served:
        found = simulate(demand, served.operators, args.target, calls=SIMULATED_CALLS, runs=SIMULATED_RUNS, seed=SEED)
        lines += simulated_lines(served, found)
    return lines


async def _demand(settings: Settings, args: argparse.Namespace) -> Demand:
    if args.day is None:
        if args.handling is None:
            raise ValueError("--calls needs --handling: seconds of talk and wrap-up")
        return Demand(args.calls / QUARTER_SECONDS, args.handling, args.patience)
    async with open_parts(settings) as parts:
        rules = rules_of(await parts.store.centres.current())
        figures = await parts.store.figures.day(midnight(args.day), rules, utc_now())
    found = demand_of(summed(figures.queues.items(), lambda key: key[0]).values())
    if found is None:
        raise NoHistory(f"no call was answered on {args.day}: give --calls and --handling instead")
    return Demand(found.arrivals, args.handling or found.handling, args.patience or found.patience)


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < 1e6:
        raise argparse.ArgumentTypeError("a number greater than 0")
    return value


def _percent(text: str) -> float:
    value = float(text) / 100
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError("a percentage between 0 and 100")
    return value
