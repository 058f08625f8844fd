"""放棄呼: who gave up waiting, how long they had waited, and whether somebody has spoken with them since."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import web

from agent_console.console import CONSOLE, user_of
from agent_console.layout import go_to, render
from agent_console.seen import seen
from crm.viewings import Citizen

SHOWN = timedelta(days=7)


async def given_up(request: web.Request) -> web.StreamResponse:
    """Those of the last days, the newest first."""
    console = request.app[CONSOLE]
    calls = await console.store.given_up.since(console.clock() - SHOWN)
    seen(request, [Citizen(call=one.call.id) for one in calls if one.call.caller])
    return await render(
        request,
        "given_up.html",
        calls=calls,
        days=SHOWN.days,
        queues={queue.id: queue.label for queue in (await console.store.centres.current()).queues},
        names={user.id: user.name for user in await console.store.users.list()},
    )


async def settle(request: web.Request) -> web.StreamResponse:
    """Mark one as settled; who comes second finds it so."""
    console = request.app[CONSOLE]
    await console.store.given_up.settle(request.match_info["call"], user_of(request).id, console.clock())
    return go_to("/given-up")
