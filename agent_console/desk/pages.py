"""The desk, and its live push."""

from __future__ import annotations

from aiohttp import web

from agent_console.console import CONSOLE, HUB, PAGES, Console, user_of
from agent_console.desk.citizens import of_desk
from agent_console.desk.view import Desk, read_desk
from agent_console.layout import links_of, render
from agent_console.live.hub import Hub
from agent_console.live.topic import Fragment, Topic
from agent_console.pages import Pages
from agent_console.pushing import push
from agent_console.seen import seen
from agent_console.wall.live import queues, read_board
from crm.users import Role
from kernel.events import Event, EventKind

POP_GAP_SECONDS = 0.02
"""A call may be offered right after the wrap-up of the one before: its pop waits for nothing."""


async def home(request: web.Request) -> web.StreamResponse:
    """The operator's desk; others go to the first page that is theirs."""
    user = user_of(request)
    if user.role is not Role.OPERATOR:
        raise web.HTTPSeeOther(links_of(user)[0].path)
    console, hub = request.app[CONSOLE], request.app[HUB]
    desk = await read_desk(console, hub, user.id)
    seen(request, of_desk(desk))
    domain = console.phones.domain if console.phones else ""
    return await render(request, "desk.html", desk=desk, board=await read_board(console, hub), phone_domain=domain)


async def live(request: web.Request) -> web.StreamResponse:
    """Push the desk and the queues."""
    console, hub, pages = request.app[CONSOLE], request.app[HUB], request.app[PAGES]
    return await push(request, desk_topic(console, hub, pages, user_of(request).id), queues(console, hub, pages))


def desk_topic(console: Console, hub: Hub, pages: Pages, operator: str) -> Topic:
    """The desk of ``operator``, the same in all windows."""
    shown: set[str] = set()

    async def render_desk() -> Fragment:
        desk = await read_desk(console, hub, operator)
        shown.clear()
        shown.update(_calls(desk))
        return Fragment(pages.render("live/desk.html", desk=desk), desk.changes, of_desk(desk))

    def concerns(event: Event) -> bool:
        return event.operator == operator or event.call in shown or event.kind is EventKind.CENTRE_CHANGED

    return hub.topic(f"desk {operator}", render_desk, concerns, POP_GAP_SECONDS, alone=True)


def _calls(desk: Desk) -> set[str]:
    calls = {form.call.id for form in desk.forms}
    return calls | {desk.at_hand.call.id} if desk.at_hand else calls
