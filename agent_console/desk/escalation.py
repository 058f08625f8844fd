"""取次(エスカレーション): the case goes to the department in one step, nothing is typed again (T9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from aiohttp import web

from agent_console.console import CONSOLE, FINDER, PAGES, user_of
from agent_console.desk.citizens import of_form
from agent_console.desk.drafts import keep
from agent_console.desk.form import HistoryForm, draft, filled_in
from agent_console.desk.forms import earlier_of, read_form
from agent_console.desk.handing_on import TRIED, handed_on, last_tried, opened, problems, tried
from agent_console.desk.history import conflict_of
from agent_console.desk.own_call import own_call
from agent_console.japan_day import day_of
from agent_console.layout import html
from agent_console.posted import posted
from agent_console.seen import seen
from crm.errors import Changed
from kernel.call import Call
from kernel.case import Case
from kernel.directory import Entry
from kernel.events import Event

NOTHING: Mapping[str, str] = {}


async def form(request: web.Request) -> web.StreamResponse:
    """As it opens, for the department of ``entry``, or of the extension that was tried last.

    What is typed in the form of the history comes with the request: it is kept as its draft, and nothing of it is
    asked again.
    """
    console, author = request.app[CONSOLE], user_of(request).id
    call = await own_call(request)
    fields = await posted(request)
    history = await read_form(console, call, author)
    if "subject" in fields:
        history = await keep(request, filled_in(replace(history, drafted=None), fields), author)
    to = await _to(request, call, fields.get("entry", ""))
    values = opened(history, to, await earlier_of(console, call), day_of(console.clock()))
    return await _shown(request, history, values, to)


async def save(request: web.Request) -> web.StreamResponse:
    """Save the history and hand the case over, or tell what is missing."""
    console, author = request.app[CONSOLE], user_of(request).id
    call = await own_call(request)
    fields = await posted(request)
    to = await _to(request, call, fields.get("entry", ""))
    history = await read_form(console, call, author)
    said = tried(await _events(request, call), await request.app[FINDER].index())
    made = handed_on(history, fields, to, said)
    if wrong := problems(made):
        return await _shown(request, history, fields, to, wrong=wrong, status=422)
    try:
        saved = await console.store.cases.save_history(draft(made, author), console.clock())
    except Changed as changed:
        by = (await conflict_of(console, changed)).by
        said_first = {"": f"{by}さんが先に保存しました。内容を確かめて、もう一度押してください。"}
        return await _shown(request, history, fields, to, wrong=said_first, status=409)
    return await _done(request, call, saved.case)


async def _done(request: web.Request, call: Call, case: Case) -> web.Response:
    """To whom it went, and the form of the history as it is saved now."""
    form = await read_form(request.app[CONSOLE], call, user_of(request).id)
    seen(request, of_form(form))
    text = f"{form.choices.department(case.department)}へ取り次ぎました(案件 {case.number})。"
    return html(request.app[PAGES].render("live/escalated.html", text=text, form=form))


async def _to(request: web.Request, call: Call, id: str) -> Entry | None:
    index = await request.app[FINDER].index()
    return index.entry(id) or last_tried(await _events(request, call), index)


async def _events(request: web.Request, call: Call) -> list[Event]:
    return [stored.event for stored in await request.app[CONSOLE].store.events.of_call(call.id, TRIED)]


async def _shown(
    request: web.Request,
    history: HistoryForm,
    values: Mapping[str, str],
    to: Entry | None,
    *,
    wrong: Mapping[str, str] = NOTHING,
    status: int = 200,
) -> web.Response:
    seen(request, of_form(history))
    said = tried(await _events(request, history.call), await request.app[FINDER].index())
    text = request.app[PAGES].render(
        "live/escalation.html",
        call=history.call,
        values=values,
        to=to,
        problems=wrong,
        choices=history.choices,
        tried=said,
    )
    return html(text, status)
