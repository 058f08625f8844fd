"""From a request to its live push."""

from __future__ import annotations

from aiohttp import web

from agent_console.console import CONSOLE, STREAMS
from agent_console.cookies import SESSION_COOKIE
from agent_console.live.topic import Topic


async def push(request: web.Request, *topics: Topic) -> web.StreamResponse:
    """Push ``topics`` for as long as the session lives."""
    console = request.app[CONSOLE]
    token = request.cookies[SESSION_COOKIE]

    async def valid() -> bool:
        return await console.store.sessions.find(token, console.clock()) is not None

    return await request.app[STREAMS].serve(request, token, topics, valid)
