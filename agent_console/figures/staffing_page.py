"""Planning: how many operators reach the goal, as a table and as curves."""

from __future__ import annotations

from math import inf

from aiohttp import web

from agent_console.console import CONSOLE
from agent_console.figures.chart import chart
from agent_console.figures.span import asked
from agent_console.figures.staffing_form import FIELDS, MEASURES, typed, usual_of
from agent_console.figures.wording import percent
from agent_console.japan_day import day_of, midnight
from agent_console.layout import render
from kernel.figures import rules_of, summed
from kernel.staffing import demand_of, plan


async def staffing(request: web.Request) -> web.StreamResponse:
    """From typed figures; ``day`` fills the form in from the busiest quarter of that day."""
    usual, no_history = await _of_day(request)
    form = typed(request.query, usual)
    made = None if form.problems else plan(form.demand, form.goal, form.seats)
    return await render(
        request,
        "staffing.html",
        form=form,
        fields=FIELDS,
        measures=MEASURES,
        no_history=no_history,
        today=day_of(request.app[CONSOLE].clock()),
        plan=made,
        chart=chart(made.rows, made.goal.share, made.needed and made.needed.operators) if made else None,
        percent=percent,
        inf=inf,
    )


async def _of_day(request: web.Request) -> tuple[dict[str, str], bool]:
    """What the history of ``day`` says, and whether it says nothing though it was asked."""
    if not request.query.get("day"):
        return {}, False
    console = request.app[CONSOLE]
    try:
        day = asked(request.query, day_of(console.clock())).first
    except (ValueError, OverflowError) as wrong:
        raise web.HTTPBadRequest from wrong
    rules = rules_of(await console.store.centres.current())
    figures = await console.store.figures.day(midnight(day), rules, console.clock())
    demand = demand_of(summed(figures.queues.items(), lambda key: key[0]).values())
    return (usual_of(demand), False) if demand else ({}, True)
