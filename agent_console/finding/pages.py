"""検索: the page, its answers, and the answers as a file.

What is looked for is posted, never part of an address: a citizen's name would stay in the browser's history.
"""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from agent_console.console import CONSOLE, PAGES, SESSION, user_of
from agent_console.finding.form import Choices, SearchForm, read_form
from agent_console.finding.view import csv_of, shown
from agent_console.layout import html, render
from agent_console.seen import seen
from agent_console.words import CASE_STATUSES
from crm.finding.finding import Found, NotReady
from crm.users import Role
from crm.viewings import Citizen

ON_A_PAGE = 25
MOST_EXPORTED = 10_000
EXPORTERS = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})


async def page(request: web.Request) -> web.StreamResponse:
    """The form; the answers come into it."""
    choices = await _choices(request)
    return await render(request, "search.html", form=read_form({}), choices=choices, statuses=CASE_STATUSES)


async def search(request: web.Request) -> web.StreamResponse:
    """The answers to the posted form, or what is wrong with it; from ``after`` on where the page went on."""
    form, more = await _posted(request), dict[str, object]()
    seen(request, ())
    if form.asked:
        try:
            found = await request.app[CONSOLE].store.finding.search(form.asked, ON_A_PAGE, form.after)
        except NotReady as reading:
            return _answers(request, form, 200, reading=reading.signatures)
        seen(request, _citizens(found.found))
        more = {"page": found, "answers": [shown(one, form.asked.words) for one in found.found]}
    return _answers(request, form, 422 if form.problem else 200, choices=await _choices(request), **more)


async def export(request: web.Request) -> web.StreamResponse:
    """The best MOST_EXPORTED answers as CSV, to be saved as a file."""
    form = await _posted(request)
    if not form.asked:
        raise web.HTTPBadRequest
    try:
        every = request.app[CONSOLE].store.finding.every(form.asked, MOST_EXPORTED)
        found = [one async for one in every]
    except NotReady as reading:
        raise web.HTTPServiceUnavailable from reading
    seen(request, _citizens(found))
    choices = await _choices(request)
    return web.Response(
        text=csv_of(found, choices.queues, choices.authors),
        content_type="text/csv",
        charset="utf-8",
        headers={"Content-Disposition": 'attachment; filename="search.csv"'},
    )


def _citizens(found: Iterable[Found]) -> list[Citizen]:
    return [Citizen(case=one.case.number) for one in found]


async def _posted(request: web.Request) -> SearchForm:
    return read_form({name: str(value) for name, value in (await request.post()).items()})


async def _choices(request: web.Request) -> Choices:
    store = request.app[CONSOLE].store
    centre = await store.centres.current()
    queues = {queue.id: queue.label for queue in centre.queues}
    departments = {one.id: one.name for one in centre.departments}
    return Choices(queues, {user.id: user.name for user in await store.users.list()}, departments)


def _answers(request: web.Request, form: SearchForm, status: int, **values: object) -> web.Response:
    given = {"page": None, "answers": (), "reading": None, "choices": Choices()} | values
    exporter = user_of(request).role in EXPORTERS
    text = request.app[PAGES].render(
        "live/answers.html",
        form=form,
        csrf=request[SESSION].csrf,
        exporter=exporter,
        most_exported=MOST_EXPORTED,
        **given,
    )
    return html(text, status)
