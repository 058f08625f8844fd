"""The wallboard, and its live push."""

from __future__ import annotations

from aiohttp import web

from agent_console.console import CONSOLE, HUB, PAGES, user_of
from agent_console.layout import render
from agent_console.pushing import push
from agent_console.wall.congestion import congestion, read_congestion
from agent_console.wall.live import operators, queues, read_board
from agent_console.wall.supervisors import read_supervision, read_told, supervised, told
from agent_console.wall.taken import read_taken, taken
from crm.users import Role

SUPERVISORS = frozenset({Role.SUPERVISOR})
"""Who may act on operators, waiting calls, talks and queues; an administrator watches."""


async def wall(request: web.Request) -> web.StreamResponse:
    """Both kinds of work at once: waiting calls and operators."""
    parts, user = (request.app[CONSOLE], request.app[HUB]), user_of(request)
    shown = {"board": await read_board(*parts), "congestion": await read_congestion(*parts)}
    if user.role not in SUPERVISORS:
        return await render(request, "wall.html", **shown, supervision=None, desk=None)
    own = await read_told(*parts, user.id)
    acted = {"supervision": await read_supervision(*parts), "taken": await read_taken(*parts, user.id)}
    return await render(request, "wall.html", **shown, **acted, desk=own)


async def live(request: web.Request) -> web.StreamResponse:
    """Push the queues, the operators, and whether callers are let in; to a supervisor also what there is to act on."""
    parts, user = (request.app[CONSOLE], request.app[HUB], request.app[PAGES]), user_of(request)
    own = (supervised(*parts), taken(*parts, user.id), told(*parts, user.id))
    more = own if user.role in SUPERVISORS else ()
    return await push(request, congestion(*parts), queues(*parts), operators(*parts), *more)
