"""Who else has the case open now, pushed; and that it has changed since the page was opened."""

from __future__ import annotations

from aiohttp import web

from agent_console.cases.of_address import case_of
from agent_console.console import CONSOLE, HUB, PAGES, user_of
from agent_console.desk.drafts import mark_open, show_marks
from agent_console.desk.form import number
from agent_console.desk.view import LOOK_ANEW
from agent_console.live.hub import no_later_than
from agent_console.live.topic import Fragment, Topic
from agent_console.pushing import push
from crm.drafts import case_form
from kernel.case import Case
from kernel.events import Event


async def live(request: web.Request) -> web.StreamResponse:
    """Push the marks to this page."""
    topic = _topic(request, await case_of(request))
    try:
        return await push(request, topic)
    finally:
        request.app[HUB].drop(topic)


async def opened(request: web.Request) -> web.StreamResponse:
    """The page is open in a window."""
    case = await case_of(request)
    await mark_open(request, (case_form(case.id),))
    return web.Response(status=204)


async def left(request: web.Request) -> web.StreamResponse:
    """The page was closed."""
    case = await case_of(request)
    await request.app[CONSOLE].store.open_pages.closed((case_form(case.id),), user_of(request).id)
    show_marks(request)
    return web.Response(status=204)


def _topic(request: web.Request, case: Case) -> Topic:
    version = number(request.query.get("version", ""))
    console, hub, pages, user = request.app[CONSOLE], request.app[HUB], request.app[PAGES], user_of(request).id

    async def render_marks() -> Fragment:
        now = console.clock()
        readers = await console.store.open_pages.readers([case_form(case.id)], now, user)
        newest = await console.store.cases.case(case.id)
        kept = await console.store.drafts.find(case_form(case.id), user)
        changed = newest.version > version
        text = pages.render("live/case.html", case=newest, readers=readers, draft=kept, changed=changed)
        return Fragment(text, no_later_than(now + LOOK_ANEW, *(reader.until for reader in readers)))

    def concerns(event: Event) -> bool:
        return event.data.get("case") == case.id

    return hub.topic(f"{case_form(case.id)} {user} {version}", render_marks, concerns)
