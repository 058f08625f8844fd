"""Saving what was asked and answered (hard case 27: twice is once, and the later writer is told)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from aiohttp import web

from agent_console.console import CONSOLE, HUB, PAGES, Console, user_of
from agent_console.desk.citizens import of_form
from agent_console.desk.form import HistoryForm, citizen_values, draft, filled_in
from agent_console.desk.view import read_form
from agent_console.layout import html
from agent_console.seen import seen
from crm.errors import Changed
from crm.history_save import CaseChanged, HistoryChanged
from kernel.call import Call
from kernel.case import History


@dataclass(frozen=True, slots=True)
class Conflict:
    """Who saved first, when, and what, where it was this call's history."""

    by: str
    at: datetime
    history: History | None


async def save(request: web.Request) -> web.StreamResponse:
    """Save the form; the answer is the form again, with the new version, or with what is wrong."""
    console, author = request.app[CONSOLE], user_of(request).id
    call = await _own_call(request, console, author)
    opened = await read_form(console, call)
    form = filled_in(opened, {name: str(value) for name, value in (await request.post()).items()})
    if form.problems:
        return _answer(request, form, 422)
    try:
        saved = await console.store.cases.save_history(draft(form, author), console.clock())
    except Changed as changed:
        return _answer(request, await _beside(console, form, changed), 409, conflict=await _conflict(console, changed))
    return _answer(request, await read_form(console, call), 200, saved_now=saved.case.number)


async def citizen(request: web.Request) -> web.StreamResponse:
    """The citizen's fields of the case that was chosen in the form."""
    console = request.app[CONSOLE]
    call = await _own_call(request, console, user_of(request).id)
    form = await read_form(console, call)
    chosen = next((case for case in form.cases if case.id == request.query.get("case")), None)
    if chosen:
        form = replace(form, values=citizen_values(chosen.citizen), case_version=chosen.version)
    else:
        form = replace(form, values={"phone": call.number.digits if call.number else ""}, case_version=0)
    seen(request, of_form(form))
    return html(request.app[PAGES].render("live/citizen.html", form=form))


async def _own_call(request: web.Request, console: Console, operator: str) -> Call:
    """The call of the address; only who talked, or writes it up (the caller may wait again), may write its history."""
    call = await console.store.calls.find(request.match_info["call"])
    if call is None or call.answered is None:
        raise web.HTTPNotFound
    if call.operator == operator or call.id in {owed.call for owed in request.app[HUB].day.owed(operator)}:
        return call
    status = await console.store.operators.find(operator)
    if status is None or status.call != call.id:
        raise web.HTTPForbidden
    return call


async def _conflict(console: Console, changed: Changed) -> Conflict:
    author = await console.store.users.find(changed.by)
    history = changed.history if isinstance(changed, HistoryChanged) else None
    return Conflict(author.name if author else changed.by, changed.at, history)


async def _beside(console: Console, form: HistoryForm, changed: Changed) -> HistoryForm:
    """The own text, with the versions of what somebody else saved: saving again replaces it knowingly."""
    match changed:
        case HistoryChanged():
            case = await console.store.cases.case(changed.history.case)
            form = replace(form, version=changed.history.version, values={**form.values, "case": case.id})
        case CaseChanged():
            case = changed.case
        case _:
            raise changed
    known = form.cases if case.id in {one.id for one in form.cases} else (case, *form.cases)
    return replace(form, cases=known, case_version=case.version)


def _answer(request: web.Request, form: HistoryForm, status: int, **more: object) -> web.Response:
    seen(request, of_form(form))
    return html(request.app[PAGES].render("live/history.html", form=form, **more), status)
