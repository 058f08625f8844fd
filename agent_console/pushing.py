"""From a request to its live push."""

from __future__ import annotations

from aiohttp import web

from agent_console.console import CONSOLE, STREAMS
from agent_console.cookies import SESSION_COOKIE
from agent_console.live.topic import Topic
from agent_console.seen import RECORDED, seen
from crm.viewings import Citizen


async def push(request: web.Request, *topics: Topic) -> web.StreamResponse:
    """Push ``topics`` for as long as the session lives; whose data they show is recorded as it is sent."""
    console = request.app[CONSOLE]
    token = request.cookies[SESSION_COOKIE]

    async def valid() -> bool:
        return await console.store.sessions.find(token, console.clock()) is not None

    def shown(citizens: frozenset[Citizen]) -> None:
        seen(request, citizens)

    request[RECORDED] = True
    return await request.app[STREAMS].serve(request, token, topics, valid, shown)
