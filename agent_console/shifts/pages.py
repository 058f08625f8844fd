"""勤務: the shifts of a day or a month."""

from __future__ import annotations

from datetime import datetime

from aiohttp import web

from agent_console.console import CONSOLE
from agent_console.figures.pages import asked_span
from agent_console.figures.span import Span, day_of, month_of
from agent_console.figures.wording import minutes
from agent_console.japan_day import day_of as japan_day
from agent_console.layout import render
from agent_console.shifts.table import Table, shifts_csv, table
from crm.store import Store
from kernel.figures import rules_of


async def page(request: web.Request) -> web.StreamResponse:
    """By day and operator; today's are those until now."""
    console, span = request.app[CONSOLE], asked_span(request)
    return await render(
        request,
        "shifts.html",
        shown=await read_table(console.store, span, console.clock()),
        month=month_of(span.first),
        today=day_of(japan_day(console.clock())),
        minutes=minutes,
    )


async def export(request: web.Request) -> web.StreamResponse:
    """The same as CSV, to be saved as a file."""
    console, span = request.app[CONSOLE], asked_span(request)
    name = f"shifts-{span.query.partition('=')[2]}.csv"
    return web.Response(
        text=shifts_csv(await read_table(console.store, span, console.clock())),
        content_type="text/csv",
        charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def read_table(store: Store, span: Span, now: datetime) -> Table:
    """The shifts of ``span`` as far as they are by ``now``."""
    centre = await store.centres.current()
    days = await store.figures.shifts(span.begins, span.days, rules_of(centre), now)
    return table(span, days, centre, now)
