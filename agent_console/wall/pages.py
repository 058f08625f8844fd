"""The wallboard, and its live push."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from agent_console.console import CONSOLE, HUB, PAGES, PULSE, USUAL, user_of
from agent_console.layout import render
from agent_console.live.topic import Topic
from agent_console.pushing import push
from agent_console.wall.alarms_live import alarms_topic, read_alarms
from agent_console.wall.congestion import congestion, read_congestion
from agent_console.wall.day_curves import day_curves, read_curves
from agent_console.wall.live import operators, queues, read_board
from agent_console.wall.owed import owed, read_owed
from agent_console.wall.supervisors import read_supervision, read_told, supervised, told
from agent_console.wall.taken import read_taken, taken
from crm.users import Role

SUPERVISORS = frozenset({Role.SUPERVISOR})
"""Who may act on operators, waiting calls, talks and queues; an administrator watches."""


async def wall(request: web.Request) -> web.StreamResponse:
    """Both kinds of work at once: waiting calls and operators. ``?display=wall``: in large, to be looked at only."""
    parts, user, shown = (request.app[CONSOLE], request.app[HUB]), user_of(request), await read_wall(request)
    if user.role not in SUPERVISORS or request.query.get("display") == "wall":
        return await render(request, "wall.html", **shown, supervision=None, desk=None, displays=())
    own = await read_told(*parts, user.id)
    acted = {"supervision": await read_supervision(*parts), "taken": await read_taken(*parts, user.id)}
    displays = await parts[0].store.displays.list(parts[0].clock())
    return await render(request, "wall.html", **shown, **acted, desk=own, displays=displays)


async def live(request: web.Request) -> web.StreamResponse:
    """Push the wallboard; to a supervisor also what there is to act on."""
    parts, user = (request.app[CONSOLE], request.app[HUB], request.app[PAGES]), user_of(request)
    own = (supervised(*parts), taken(*parts, user.id), told(*parts, user.id))
    more = own if user.role in SUPERVISORS else ()
    return await push(request, *wall_topics(request), *more)


async def read_wall(request: web.Request) -> Mapping[str, object]:
    """What everybody sees there now."""
    parts = request.app[CONSOLE], request.app[HUB]
    return {
        "board": await read_board(*parts),
        "congestion": await read_congestion(*parts),
        "alarms": await read_alarms(*parts, request.app[PULSE]),
        "owed": await read_owed(*parts),
        "curves": await read_curves(*parts, request.app[USUAL]),
    }


def wall_topics(request: web.Request) -> tuple[Topic, ...]:
    """The fragments that everybody sees there; each is rendered once for all who watch."""
    parts = request.app[CONSOLE], request.app[HUB], request.app[PAGES]
    return (
        alarms_topic(*parts, request.app[PULSE]),
        congestion(*parts),
        queues(*parts),
        owed(*parts),
        operators(*parts),
        day_curves(*parts, request.app[USUAL]),
    )
