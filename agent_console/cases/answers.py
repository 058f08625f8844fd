"""Histories without a call: what staff answered, what was found out later."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from aiohttp import web

from agent_console.cases.answer_form import FIELDS, AnswerForm, blank, filled_in
from agent_console.cases.answer_form import draft as as_draft
from agent_console.cases.of_address import case_of
from agent_console.console import CONSOLE, PAGES, user_of
from agent_console.desk.choices import choices_of
from agent_console.desk.citizens import of_cases
from agent_console.desk.drafts import keep_fields, own_draft
from agent_console.desk.form import LONGEST, legible
from agent_console.desk.history import conflict_of
from agent_console.layout import html
from agent_console.posted import posted
from agent_console.seen import seen
from crm.drafts import case_form
from crm.errors import Changed
from crm.viewings import Citizen
from kernel.case import Case
from kernel.user import may_close


async def read_answer(request: web.Request, case: Case) -> AnswerForm:
    """The form with what its author has typed and not saved."""
    console, author = request.app[CONSOLE], user_of(request).id
    form = blank(case, uuid4().hex)
    form = replace(form, choices=choices_of(await console.store.centres.current()))
    kept = await console.store.drafts.find(case_form(case.id), author)
    if kept is None:
        return form
    values = {**form.values, **{name: text for name, text in kept.fields.items() if text}}
    return replace(form, values=values, drafted=kept.saved, draft_version=kept.version)


async def save(request: web.Request) -> web.StreamResponse:
    """Save it; the answer sends the browser to the case, or is the form again with what is wrong."""
    console, user = request.app[CONSOLE], user_of(request)
    case = await case_of(request)
    form = filled_in(replace(await read_answer(request, case), drafted=None), await posted(request))
    if form.values["close_case"] and not may_close(user, case.department):
        raise web.HTTPForbidden
    if form.problems:
        return _answer(request, form, 422)
    try:
        await console.store.cases.save_history(as_draft(form, user.id), console.clock())
    except Changed as changed:
        return _answer(request, form, 409, conflict=await conflict_of(console, changed))
    seen(request, ())
    return web.Response(status=204, headers={"HX-Redirect": f"/cases/{case.number}"})


async def draft(request: web.Request) -> web.StreamResponse:
    """The author's own, for a window that has an older one."""
    case = await case_of(request)
    return await own_draft(request, case_form(case.id), Citizen(case=case.number))


async def keep_draft(request: web.Request) -> web.StreamResponse:
    """Keep what is typed."""
    case = await case_of(request)
    fields = await posted(request)
    kept = {name: legible(fields[name])[: LONGEST["text"]] for name in FIELDS if name in fields}
    return await keep_fields(request, case_form(case.id), fields, kept, history=kept.get("id"))


def _answer(request: web.Request, form: AnswerForm, status: int, **more: object) -> web.Response:
    seen(request, of_cases([form.case]))
    can_close = may_close(user_of(request), form.case.department)
    return html(request.app[PAGES].render("live/answer_form.html", form=form, can_close=can_close, **more), status)
