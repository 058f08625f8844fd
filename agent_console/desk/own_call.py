"""Whose history it is: only who talked, or writes it up, may write it."""

from __future__ import annotations

from aiohttp import web

from agent_console.console import CONSOLE, HUB, user_of
from agent_console.desk.taken_over import took_over
from agent_console.serving import serves
from crm.users import Role
from kernel.call import Call


async def own_call(request: web.Request) -> Call:
    """The call of the address, whose history the user may write; the caller may wait again meanwhile.

    A message's may who serves its queue, a talk's who led it or took it over. Raises HTTPNotFound, HTTPForbidden.
    """
    console, user = request.app[CONSOLE], user_of(request)
    call = await console.store.calls.find(request.match_info["call"])
    if call is None:
        raise web.HTTPNotFound
    if await console.store.messages.find(call.id):
        may = serves(user, call.queue, await console.store.centres.current())
    elif call.answered is None:
        raise web.HTTPNotFound
    elif user.role is Role.SUPERVISOR:
        may = await took_over(console, call.id, user.id)
    else:
        may = call.operator == user.id or await _writes_up(request, call)
    if not may:
        raise web.HTTPForbidden
    return call


async def _writes_up(request: web.Request, call: Call) -> bool:
    """Whether the user is an operator who owes the history, or is at the call now."""
    operator = user_of(request).id
    if call.id in {owed.call for owed in request.app[HUB].day.owed(operator)}:
        return True
    status = await request.app[CONSOLE].store.operators.find(operator)
    return status is not None and status.call == call.id
