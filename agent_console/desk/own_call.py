"""Whose history it is: only who talked, or writes it up, may write it."""

from __future__ import annotations

from aiohttp import web

from agent_console.console import CONSOLE, HUB, user_of
from kernel.call import Call


async def own_call(request: web.Request) -> Call:
    """The call of the address; the caller may wait again meanwhile. Raises HTTPNotFound, HTTPForbidden."""
    console, operator = request.app[CONSOLE], user_of(request).id
    call = await console.store.calls.find(request.match_info["call"])
    if call is None or call.answered is None:
        raise web.HTTPNotFound
    if call.operator == operator or call.id in {owed.call for owed in request.app[HUB].day.owed(operator)}:
        return call
    status = await console.store.operators.find(operator)
    if status is None or status.call != call.id:
        raise web.HTTPForbidden
    return call
