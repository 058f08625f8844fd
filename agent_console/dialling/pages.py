"""発信: the page on which an operator calls a citizen: a number typed, that of a case, or of who gave up waiting."""

from __future__ import annotations

from datetime import datetime

from aiohttp import web

from agent_console import words
from agent_console.cases.of_address import number_of
from agent_console.commands import send
from agent_console.console import CONSOLE, Console, user_of
from agent_console.desk.actions import NOT_SENT
from agent_console.desk.clicks import refused
from agent_console.dialling.form import DialForm, over_limit, read, shown_as
from agent_console.japan_day import day_of, midnight
from agent_console.layout import answer_page, go_to
from agent_console.posted import posted
from agent_console.seen import seen
from agent_console.serving import serves
from crm.cases import NoSuchCase
from crm.viewings import Citizen
from kernel.commands import Command, dialling
from kernel.events import Event, EventKind
from kernel.outgoing import Outgoing


async def page(request: web.Request) -> web.StreamResponse:
    """The form, with the number of the ``case`` or the ``call`` that the address names."""
    case = number_of(request.query.get("case", ""))
    call = request.query.get("call") or None
    return await _shown(request, DialForm(await _number_of(request, case, call), case=case, call=call))


async def dial(request: web.Request) -> web.StreamResponse:
    """Ask the controller for the call; the operator goes on at the desk. What is wrong is said, with what was typed."""
    console, operator = request.app[CONSOLE], user_of(request).id
    given = await posted(request)
    case, call = number_of(given.get("case", "")), given.get("call") or None
    form = DialForm(given.get("number", ""), given.get("purpose", ""), case, call)
    centre, now = await console.store.centres.current(), console.clock()
    wanted = read(form, centre.outgoing)
    if isinstance(wanted, str):
        return await _shown(request, form, words.refusal(wanted), 422)
    if over_limit(centre.outgoing, await _today(console, centre.outgoing, now), operator):
        return await _shown(request, form, words.refusal("daily_limit"), 409)

    def seal(command: str) -> str:
        return console.store.calls.seal_number(wanted.number, command)

    wish: Command = dialling(operator, now, wanted.purpose.id, seal, case=case, call=call)
    if code := refused(wish, await console.store.operators.find(operator), centre):
        return await _shown(request, form, words.refusal(code), 409)
    return go_to("/") if await send(request, wish) else await _shown(request, form, NOT_SENT, 503)


async def _today(console: Console, outgoing: Outgoing, now: datetime) -> list[Event]:
    since = midnight(day_of(now))
    made = await console.store.events.of_kinds([EventKind.CALL_DIALLED], since, outgoing.a_day + 1)
    return [one.event for one in made]


async def _number_of(request: web.Request, case: int | None, call: str | None) -> str:
    """The number, which stands in no address; who may not see it gets none."""
    console = request.app[CONSOLE]
    if case is not None:
        try:
            citizen = (await console.store.cases.by_number(case)).citizen
        except NoSuchCase as error:
            raise web.HTTPNotFound from error
        seen(request, [Citizen(case=case)] if citizen.phone else [])
        return citizen.phone.digits if citizen.phone else ""
    found = await console.store.calls.find(call) if call else None
    if call and (found is None or not serves(user_of(request), found.queue, await console.store.centres.current())):
        raise web.HTTPNotFound
    number = found.number if found else None
    seen(request, [Citizen(call=call)] if number else [])
    return number.digits if number else ""


async def _shown(request: web.Request, form: DialForm, problem: str = "", status: int = 200) -> web.Response:
    centre = await request.app[CONSOLE].store.centres.current()
    return await answer_page(
        request,
        status,
        "dial.html",
        form=form,
        problem=problem,
        purposes=centre.outgoing.purposes,
        shows=shown_as(centre),
    )
