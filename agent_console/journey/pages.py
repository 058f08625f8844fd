"""A call's way, the calls of a day, and why an operator gets none. No caller's number is shown here."""

from __future__ import annotations

from aiohttp import web

from agent_console.console import CONSOLE, HUB, PAGES
from agent_console.figures.span import asked, day_of
from agent_console.figures.wording import minutes
from agent_console.japan_day import day_of as japan_day
from agent_console.journey.view import Journey, journey
from agent_console.layout import html, render
from agent_console.words import OUTCOMES
from kernel.operator import OperatorState

ON_A_PAGE = 100


async def read_journey(request: web.Request) -> Journey:
    """The journey of the call in the address, as it is now."""
    store = request.app[CONSOLE].store
    call = await store.calls.find(request.match_info["call"])
    if call is None:
        raise web.HTTPNotFound
    stored = await store.events.of_call(call.id)
    return journey(call, [one.event for one in stored], await store.centres.current())


async def one(request: web.Request) -> web.StreamResponse:
    """The page of one call; while the call lasts its content is asked for again and again."""
    read = await read_journey(request)
    return await render(request, "journey.html", journey=read, outcomes=OUTCOMES, minutes=minutes)


async def content(request: web.Request) -> web.StreamResponse:
    """What of that page changes. Once the call is over the page is loaded anew, which then asks no more."""
    read = await read_journey(request)
    answer = html(request.app[PAGES].render("live/journey.html", journey=read, outcomes=OUTCOMES, minutes=minutes))
    if read.is_over:
        answer.headers["HX-Refresh"] = "true"
    return answer


async def of_day(request: web.Request) -> web.StreamResponse:
    """The calls of a day, newest first; ``page`` counts from 1."""
    console = request.app[CONSOLE]
    try:
        span = day_of(asked({"day": request.query.get("day", "")}, japan_day(console.clock())).first)
        page = int(request.query.get("page", "1"))
    except (ValueError, OverflowError) as wrong:
        raise web.HTTPBadRequest from wrong
    calls = await console.store.calls.between(span.begins, span.ends)
    found = list(reversed(calls))[(page - 1) * ON_A_PAGE : page * ON_A_PAGE] if page > 0 else []
    centre = await console.store.centres.current()
    return await render(
        request,
        "calls.html",
        span=span,
        calls=found,
        total=len(calls),
        page_number=page,
        more=page * ON_A_PAGE < len(calls),
        queues={queue.id: queue.label for queue in centre.queues},
        names={seat.id: seat.name for seat in centre.operators},
        outcomes=OUTCOMES,
        minutes=minutes,
    )


async def operator(request: web.Request) -> web.StreamResponse:
    """Why no phone of one operator rings."""
    console, hub = request.app[CONSOLE], request.app[HUB]
    await hub.caught_up()
    seat = (await console.store.centres.current()).operator(request.match_info["operator"])
    if seat is None:
        raise web.HTTPNotFound
    status = await console.store.operators.find(seat.id)
    explained = hub.day.explained(seat.id)
    holds = explained and status and status.state is OperatorState.READY and explained.at >= status.since
    centre = await console.store.centres.current()
    return await render(
        request,
        "operator.html",
        seat=seat,
        status=status,
        queues=[queue.label for queue in centre.queues if queue.id in seat.queues],
        explained=explained if holds else None,
    )
