"""The wallboard, and its live push."""

from __future__ import annotations

from aiohttp import web

from agent_console.console import CONSOLE, HUB, PAGES
from agent_console.layout import render
from agent_console.pushing import push
from agent_console.wall.congestion import congestion, read_congestion
from agent_console.wall.live import operators, queues, read_board


async def wall(request: web.Request) -> web.StreamResponse:
    """Both kinds of work at once: waiting calls and operators."""
    parts = request.app[CONSOLE], request.app[HUB]
    return await render(request, "wall.html", board=await read_board(*parts), congestion=await read_congestion(*parts))


async def live(request: web.Request) -> web.StreamResponse:
    """Push the queues, the operators, and whether callers are let in."""
    parts = request.app[CONSOLE], request.app[HUB], request.app[PAGES]
    return await push(request, congestion(*parts), queues(*parts), operators(*parts))
