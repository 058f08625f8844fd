"""Saving what was asked and answered (hard case 27: twice is once, and the later writer is told)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from aiohttp import web

from agent_console.console import CONSOLE, PAGES, Console, user_of
from agent_console.desk.citizens import of_form
from agent_console.desk.drafts import keep
from agent_console.desk.form import HistoryForm, draft, filled_in
from agent_console.desk.forms import read_form
from agent_console.desk.own_call import own_call
from agent_console.layout import html
from agent_console.posted import posted
from agent_console.seen import seen
from crm.cases import NoSuchCase
from crm.errors import Changed
from crm.history_save import CaseChanged, HistoryChanged
from kernel.case import History


@dataclass(frozen=True, slots=True)
class Conflict:
    """Who saved first, when, and what, where it was this call's history."""

    by: str
    at: datetime
    history: History | None


async def save(request: web.Request) -> web.StreamResponse:
    """Save the form; the answer is the form again, with the new version, or with what is wrong.

    What can't be saved yet is kept as a draft.
    """
    console, author = request.app[CONSOLE], user_of(request).id
    call = await own_call(request)
    fields = await posted(request)
    try:
        opened = await read_form(console, call, author, chosen=fields.get("case", ""))
    except NoSuchCase:  # the form's own check tells of it
        opened = await read_form(console, call, author)
    form = filled_in(replace(opened, drafted=None), fields)
    if form.problems:
        return _answer(request, await keep(request, form, author), 422)
    try:
        saved = await console.store.cases.save_history(draft(form, author), console.clock())
    except Changed as changed:
        form = await keep(request, await _beside(console, form, changed), author)
        return _answer(request, form, 409, conflict=await conflict_of(console, changed))
    return _answer(request, await read_form(console, call, author), 200, saved_now=saved.case.number)


async def form(request: web.Request) -> web.StreamResponse:
    """The form as it opens now: for a window in which nothing is typed, after another one has saved."""
    call = await own_call(request)
    return _answer(request, await read_form(request.app[CONSOLE], call, user_of(request).id), 200)


async def conflict_of(console: Console, changed: Changed) -> Conflict:
    """What a page tells the later writer."""
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
