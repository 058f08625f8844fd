"""Figures of a day or a month, on a page and as CSV (C9)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from aiohttp import web

from agent_console.access import Handler
from agent_console.console import CONSOLE
from agent_console.figures.export import operators_csv, queues_csv
from agent_console.figures.interpreting import by_language, interpreting_csv
from agent_console.figures.reading import figures_of
from agent_console.figures.report import Report, report
from agent_console.figures.span import Span, asked, day_of, month_of
from agent_console.figures.transfers import COLUMNS as TRANSFER_COLUMNS
from agent_console.figures.transfers import by_target, numbers, total_of, transfers_csv
from agent_console.figures.wording import minutes, percent
from agent_console.japan_day import day_of as japan_day
from agent_console.layout import render
from agent_console.words import OUTCOMES
from crm.figures.told import ToldFigures
from kernel.call import Outcome
from kernel.centre import Centre


async def figures(request: web.Request) -> web.StreamResponse:
    """By queue, operator and time; today's are those until now."""
    span = asked_span(request)
    console = request.app[CONSOLE]
    today = japan_day(console.clock())
    counted = await console.store.calls.outcomes(span.begins, span.ends)
    went = Counter[Outcome | None]()
    for one in counted:
        went[one.outcome] += one.calls
    transferred = by_target(await console.store.transfers.days(span.begins, span.days))
    return await render(
        request,
        "figures.html",
        transferred=transferred,
        transferred_in_all=total_of(transferred),
        transfer_columns=TRANSFER_COLUMNS,
        numbers=numbers,
        interpreted=by_language(await console.store.interpreting.between(span.begins, span.ends), console.clock()),
        report=await read(request, span),
        month=month_of(span.first),
        today=day_of(today),
        told=_told(await console.store.figures.told(span.begins, span.ends), await console.store.centres.current()),
        outcomes=[(OUTCOMES.get(outcome, outcome), calls) for outcome, calls in went.most_common()],
        percent=percent,
        minutes=minutes,
    )


def _told(by_queue: Mapping[str, ToldFigures], centre: Centre) -> list[tuple[str, ToldFigures]]:
    labels = {queue.id: queue.label for queue in centre.queues}
    return [(labels.get(queue, queue), figures) for queue, figures in sorted(by_queue.items())]


def export(kind: str, write: Callable[[Report], str]) -> Handler:
    """Send what ``write`` makes of the report, to be saved as a file."""

    async def send(request: web.Request) -> web.StreamResponse:
        span = asked_span(request)
        return _csv_file(kind, span, write(await read(request, span)))

    return send


export_queues = export("queues", queues_csv)
export_operators = export("operators", operators_csv)


async def export_transfers(request: web.Request) -> web.StreamResponse:
    """Transfers by department, for each day."""
    span = asked_span(request)
    days = await request.app[CONSOLE].store.transfers.days(span.begins, span.days)
    return _csv_file("transfers", span, transfers_csv(span, days))


async def export_interpreting(request: web.Request) -> web.StreamResponse:
    """Each talk with an interpreter, for the invoice (T11)."""
    span, console = asked_span(request), request.app[CONSOLE]
    found = await console.store.interpreting.between(span.begins, span.ends)
    names = {user.id: user.name for user in await console.store.users.list()}
    return _csv_file("interpreting", span, interpreting_csv(found, names, console.clock()))


def _csv_file(kind: str, span: Span, text: str) -> web.Response:
    name = f"figures-{kind}-{span.query.partition('=')[2]}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(text=text, content_type="text/csv", charset="utf-8", headers=headers)


def asked_span(request: web.Request) -> Span:
    """The day or month in the address."""
    try:
        return asked(request.query, japan_day(request.app[CONSOLE].clock()))
    except (ValueError, OverflowError) as wrong:
        raise web.HTTPBadRequest from wrong


async def read(request: web.Request, span: Span) -> Report:
    """The figures of ``span`` as they are now."""
    console = request.app[CONSOLE]
    centre = await console.store.centres.current()
    return report(span, await figures_of(console.store.figures, span, centre, console.clock()), centre)
