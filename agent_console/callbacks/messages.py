"""伝言: who left one, to be heard by who serves the queue alone, and to be written up, which deletes it (T12)."""

from __future__ import annotations

from aiohttp import web

from agent_console.console import CONSOLE, user_of
from agent_console.desk.citizens import of_calls, of_form
from agent_console.desk.forms import read_form
from agent_console.layout import render
from agent_console.seen import seen
from agent_console.serving import serves
from crm.messages import Message
from crm.recording_files import listed
from crm.viewings import Citizen

SOUND = ".wav"
FROM_THE_BEGINNING = frozenset({"", "bytes=0-"})
"""A player asks for the rest in pieces, which is not heard anew."""


async def page(request: web.Request) -> web.StreamResponse:
    """Those that nobody has written up, of the queues that the user serves."""
    console, user = request.app[CONSOLE], user_of(request)
    centre = await console.store.centres.current()
    found = [one for one in await console.store.messages.open() if serves(user, one.call.queue, centre)]
    seen(request, of_calls(one.call for one in found))
    return await render(
        request,
        "messages.html",
        messages=found,
        queues={queue.id: queue.label for queue in centre.queues},
    )


async def one(request: web.Request) -> web.StreamResponse:
    """One message with the form that writes it up."""
    message = await _own(request)
    form = await read_form(request.app[CONSOLE], message.call, user_of(request).id)
    seen(request, of_form(form))
    return await render(request, "message.html", message=message, form=form)


async def sound(request: web.Request) -> web.StreamResponse:
    """What was said. No file is named by the address: the call is, and the store knows its recording."""
    console, message = request.app[CONSOLE], await _own(request)
    files = (await listed(console.recordings)).get(message.recording or "", ())
    file = next((file for file in files if file.path.suffix == SOUND and not file.path.is_symlink()), None)
    if file is None:
        raise web.HTTPNotFound
    if request.headers.get("Range", "") in FROM_THE_BEGINNING:
        await console.store.messages.heard(message, user_of(request).id, console.clock())
    seen(request, [Citizen(call=message.call.id)])
    headers = {"Content-Type": "audio/wav", "Content-Disposition": "inline", "Cache-Control": "no-store"}
    return web.FileResponse(file.path, headers=headers)


async def _own(request: web.Request) -> Message:
    """The message of the call in the address, where the user serves its queue."""
    console = request.app[CONSOLE]
    message = await console.store.messages.find(request.match_info["call"])
    if message is None:
        raise web.HTTPNotFound
    if not serves(user_of(request), message.call.queue, await console.store.centres.current()):
        raise web.HTTPForbidden
    return message
