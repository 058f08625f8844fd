"""Planning: how many operators reach the goal, as a table and as curves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from math import inf

from aiohttp import web

from agent_console.console import CONSOLE
from agent_console.figures.chart import chart
from agent_console.figures.span import asked
from agent_console.figures.staffing_form import FIELDS, MEASURES, typed, usual_of
from agent_console.figures.wording import percent
from agent_console.japan_day import day_of, midnight
from agent_console.layout import render
from kernel.figures import QueueFigures, rules_of, summed
from kernel.staffing import demand_of, needs, plan


async def staffing(request: web.Request) -> web.StreamResponse:
    """From typed figures; ``day`` fills the form in from the busiest quarter of that day."""
    quarters = await _of_day(request)
    demand = demand_of(quarters.values()) if quarters else None
    form = typed(request.query, usual_of(demand) if demand else {})
    made = None if form.problems else plan(form.demand, form.goal, form.seats)
    return await render(
        request,
        "staffing.html",
        form=form,
        fields=FIELDS,
        measures=MEASURES,
        no_history=quarters is not None and demand is None,
        needs=needs(quarters, form.demand, form.goal) if quarters and demand and made else (),
        today=day_of(request.app[CONSOLE].clock()),
        plan=made,
        chart=chart(made.rows, made.goal.share, made.needed and made.needed.operators) if made else None,
        percent=percent,
        inf=inf,
    )


async def _of_day(request: web.Request) -> Mapping[datetime, QueueFigures] | None:
    """The quarters of an hour of ``day``, all queues together; None where no day was asked for."""
    if not request.query.get("day"):
        return None
    console = request.app[CONSOLE]
    try:
        day = asked(request.query, day_of(console.clock())).first
    except (ValueError, OverflowError) as wrong:
        raise web.HTTPBadRequest from wrong
    rules = rules_of(await console.store.centres.current())
    figures = await console.store.figures.day(midnight(day), rules, console.clock())
    return summed(figures.queues.items(), lambda key: key[0])
