"""``denwa figures``: a day's or a month's figures at the terminal."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date, datetime

from agent_console.figures.export import operators_csv, queues_csv
from agent_console.figures.reading import figures_of
from agent_console.figures.report import Report, Row, report
from agent_console.figures.span import Span, day_of, month_of
from agent_console.figures.wording import minutes, percent
from agent_console.japan_day import day_of as japan_day
from agent_console.shifts.pages import read_table
from agent_console.shifts.table import shifts_csv
from denwa.parts import open_parts, utc_now
from kernel.figures import OperatorFigures, QueueFigures
from kernel.settings import Settings


def add_arguments(command: argparse.ArgumentParser) -> None:
    """What ``denwa figures`` takes."""
    span = command.add_mutually_exclusive_group()
    span.add_argument("--day", type=date.fromisoformat, help="as 2026-11-24; today by default")
    span.add_argument("--month", type=_month, help="as 2026-11")
    command.add_argument("--csv", choices=("queues", "operators", "shifts"), help="by time, for a spreadsheet")


async def figures(settings: Settings, args: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Print them; what lasts is counted until now."""
    now = utc_now()
    span = month_of(args.month) if args.month else day_of(args.day or japan_day(now))
    if args.csv == "shifts":
        say((await _shifts(settings, span, now)).rstrip())
        return 0
    made = await _report(settings, span, now)
    if args.csv:
        say((queues_csv if args.csv == "queues" else operators_csv)(made).rstrip())
        return 0
    for line in lines(made):
        say(line)
    return 0


async def _shifts(settings: Settings, span: Span, now: datetime) -> str:
    async with open_parts(settings) as parts:
        return shifts_csv(await read_table(parts.store, span, now))


async def _report(settings: Settings, span: Span, now: datetime) -> Report:
    async with open_parts(settings) as parts:
        centre = await parts.store.centres.current()
        return report(span, await figures_of(parts.store.figures, span, centre, now), centre)


def lines(made: Report) -> list[str]:
    """The sums by queue and by operator as text."""
    queues = [(row.label, row) for row in made.queues]
    text = [f"{made.span.query.replace('=', ' ')}", ""]
    text += [f"[{label}] {_queue(row.figures)}, {_means(row)}" for label, row in [*queues, ("total", made.total)]]
    text += ["", *(f"[{row.label}] {_operator(row.figures)}, {_means(row)}" for row in made.operators)]
    return text


def _queue(one: QueueFigures) -> str:
    return (
        f"offered {one.offered}, answered {one.answered} ({percent(one.answer_rate)}), "
        f"abandoned {one.abandoned} (short {one.short}), left otherwise {one.left} "
        f"(callbacks {one.callbacks}: reached {one.reached}, given up {one.given_up}), waiting {one.waiting}, "
        f"beyond target {one.beyond}; service level {percent(one.service_level_of_offered)} of offered, "
        f"{percent(one.service_level_of_answered)} of answered, "
        f"{percent(one.service_level_without_short)} without short; "
        f"speed of answer {minutes(one.speed_of_answer)}, longest wait {minutes(one.longest_wait)}; "
        f"talk {minutes(one.talk)}, hold {minutes(one.hold)}, wrap-up {minutes(one.wrap_up)}; "
        f"transfers {one.transfers}, returned {one.returned} (then abandoned {one.lost})"
    )


def _operator(one: OperatorFigures) -> str:
    return (
        f"answered {one.answered}, not answered {one.not_answered}, transfers {one.transfers}; "
        f"shift {minutes(one.shift)}: ready {minutes(one.ready)}, ringing {minutes(one.ringing)}, "
        f"talk {minutes(one.talk)}, hold {minutes(one.hold)}, wrap-up {minutes(one.wrap_up)}, "
        f"paused {minutes(one.paused)}, not answering {minutes(one.not_answering)}, "
        f"phone gone {minutes(one.phone_gone)}, other {minutes(one.other)}; "
        f"taken over {one.taken_over} ({minutes(one.led)})"
    )


def _means(row: Row[QueueFigures] | Row[OperatorFigures]) -> str:
    one = row.figures
    return (
        f"mean talk {minutes(one.mean_talk)}, hold {minutes(one.mean_hold)}, wrap-up {minutes(one.mean_wrap_up)}, "
        f"handling {minutes(one.handling)}; occupancy {percent(row.occupancy)}"
    )


def _month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")
