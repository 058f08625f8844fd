"""What a caller and the voicebot said to each other, for supervisors."""

from __future__ import annotations

from aiohttp import web

from agent_console.console import CONSOLE
from agent_console.layout import render
from agent_console.seen import seen
from crm.viewings import Citizen


async def page(request: web.Request) -> web.StreamResponse:
    """As long as it is kept (``crm.retention``)."""
    store = request.app[CONSOLE].store
    call = await store.calls.find(request.match_info["call"])
    if call is None or call.voicebot is None:
        raise web.HTTPNotFound
    said = await store.utterances.of_call(call.id)
    seen(request, [Citizen(call=call.id)] if said else [])
    return await render(request, "said.html", call=call, said=said)
