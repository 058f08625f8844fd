"""Walls that nobody is logged in at (``crm.displays``): made by a supervisor at the screen itself."""

from __future__ import annotations

from aiohttp import web

from agent_console import cookies
from agent_console.console import CONSOLE, PAGES, STREAMS, user_of
from agent_console.layout import display_page, go_to, html
from agent_console.wall.pages import read_wall, wall_topics
from crm.displays import Display


async def begin(request: web.Request) -> web.StreamResponse:
    """This browser becomes a wall's, and the supervisor is logged out of it: nobody can act at a wall.

    Other windows of the session find out at their next heartbeat; told at once, this one would go to the log-in.
    """
    console = request.app[CONSOLE]
    session = request.cookies[cookies.SESSION_COOKIE]
    token = await console.store.displays.open(user_of(request).id, console.clock())
    await console.store.sessions.close(session)
    response = go_to("/display")
    cookies.drop_session(response)
    cookies.set_display(response, token)
    return response


async def end(request: web.Request) -> web.StreamResponse:
    """The wall of that name asks for a log-in from now on, at its next sign of life."""
    await request.app[CONSOLE].store.displays.end(request.match_info["name"])
    return go_to("/wall")


async def show(request: web.Request) -> web.StreamResponse:
    """The wallboard in large."""
    if await _display(request) is None:
        raise web.HTTPSeeOther("/login")
    centre = await request.app[CONSOLE].store.centres.current()
    shown = await read_wall(request)
    page = display_page(request, centre.name)
    return html(request.app[PAGES].render("wall.html", page=page, supervision=None, desk=None, displays=(), **shown))


async def live(request: web.Request) -> web.StreamResponse:
    """Push the wallboard for as long as the wall lasts."""
    if await _display(request) is None:
        raise web.HTTPUnauthorized

    async def valid() -> bool:
        return await _display(request) is not None

    token = request.cookies[cookies.DISPLAY_COOKIE]
    return await request.app[STREAMS].serve(request, token, wall_topics(request), valid)


async def _display(request: web.Request) -> Display | None:
    console = request.app[CONSOLE]
    token = request.cookies.get(cookies.DISPLAY_COOKIE)
    return await console.store.displays.find(token, console.clock()) if token else None
