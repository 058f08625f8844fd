"""Plans as text for a terminal. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

from denwa.staffing.city import CALLS_A_WEEK, GOAL, SEATS, USUAL_HANDLING_SECONDS, Reach
from denwa.staffing.simulation import CONFIDENCE, Estimate, Simulated
from kernel.centre import JAPAN
from kernel.erlang import MOST_OPERATORS, Service
from kernel.staffing import QUARTER_SECONDS, Measure, Need, Plan


def plan_lines(plan: Plan) -> list[str]:
    """The demand, a line for each number of operators, and the answer."""
    demand, goal = plan.demand, plan.goal
    patience = f"patience {demand.patience:.0f} s (Erlang A)" if demand.patience else "nobody gives up (Erlang C)"
    return [
        f"{demand.arrivals * QUARTER_SECONDS:.1f} calls a quarter of an hour, handling {demand.handling:.0f} s, "
        f"{patience}: {demand.load:.2f} erlang",
        f"goal: {goal.share:.0%} answered{f' within {goal.target:g} s' if goal.measure is Measure.IN_TIME else ''}",
        "",
        _head(f"in {goal.target:g} s"),
        *(_row(one, plan) for one in plan.rows),
        "",
        *_answers(plan),
    ]


def _head(in_time: str) -> str:
    return f"{'operators':>11} {'must wait':>10} {in_time:>10} {'answered':>10} {'mean wait':>11} {'occupancy':>10}"


def _row(one: Service, plan: Plan) -> str:
    mark = ">" if plan.needed and one.operators == plan.needed.operators else " "
    wait = "grows" if one.mean_wait == inf else f"{one.mean_wait:.1f} s"
    shares = f"{one.waits:>10.1%} {one.in_time:>10.1%} {one.answered:>10.1%} {wait:>11} {one.occupancy:>10.1%}"
    return f"{mark} {one.operators:>9} {shares}"


def _answers(plan: Plan) -> list[str]:
    needed = plan.needed.operators if plan.needed else f"more than {MOST_OPERATORS}"
    lines = [f"operators needed at work at once: {needed}"]
    if plan.seated and plan.bearable is not None:
        reached = plan.goal.reached_by(plan.seated)
        verdict = "reach the goal, and do so" if reached else "do not reach the goal; they would"
        lines.append(f"{plan.seats} seats {verdict} with a handling time of up to {plan.bearable:.1f} s")
    return lines


def simulated_lines(formula: Service, found: Simulated) -> list[str]:
    """The platform's own distribution beside the formula."""
    return [
        "",
        f"simulated with this platform's distribution and {formula.operators} operators, {CONFIDENCE:.0%} confidence:",
        f"  must wait  {_share(found.waits)} (formula {formula.waits:.1%})",
        f"  in time    {_share(found.in_time)} (formula {formula.in_time:.1%})",
        f"  answered   {_share(found.answered)} (formula {formula.answered:.1%})",
        f"  mean wait  {found.mean_wait.mean:.1f} s ± {found.mean_wait.half:.1f} s (formula {formula.mean_wait:.1f} s)",
    ]


def _share(estimate: Estimate) -> str:
    return f"{estimate.mean:.1%} ± {estimate.half:.1%}"


def day_lines(needs: Iterable[Need]) -> list[str]:
    """A line for each quarter of an hour in which somebody called."""
    lines = [
        "",
        "by quarter of an hour, with the day's handling time and patience:",
        f"{'from':>11} {'calls':>7} {'needed':>7}",
    ]
    for one in needs:
        needed = one.operators if one.operators is not None else "many"
        lines.append(f"{one.begins.astimezone(JAPAN):%H:%M}".rjust(11) + f" {one.calls:>7} {needed:>7}")
    return lines


def city_lines(reaches: Iterable[Reach], handling: float = USUAL_HANDLING_SECONDS) -> list[str]:
    """What the city's plan takes for granted."""
    lines = [
        f"The city's plan: {CALLS_A_WEEK:,} calls a week, at most {SEATS} seats, at least {GOAL.share:.0%} answered.",
        f"Longest mean handling time with which that holds; and what happens with {handling:.0f} s (Erlang A):",
        "",
        f"{'calls come':<42} {'per 15 min':>10} {'patience':>9} {'longest':>9} {'answered':>9} {'needed':>7}",
    ]
    for one in reaches:
        calls = one.profile.arrivals * QUARTER_SECONDS
        lines.append(
            f"{one.profile.name:<42} {calls:>10.1f} {one.patience:>7.0f} s {one.bearable:>7.1f} s "
            f"{one.usual.answered:>9.1%} {one.needed:>7}"
        )
    return lines
