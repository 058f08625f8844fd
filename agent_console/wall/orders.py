"""The supervisor's buttons: each becomes a command to the controller, or a new version of the centre's document."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from agent_console import words
from agent_console.commands import send
from agent_console.console import CONSOLE, Console, user_of
from agent_console.desk.actions import NOT_SENT, answer
from crm.errors import Changed
from kernel.centre import Centre
from kernel.commands import Command, CommandKind, command
from kernel.events import Event, EventKind
from kernel.routing import Closed, Queue

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

TRIES = 3
"""Two who change the centre at once: the later one looks again."""


def order(kind: CommandKind) -> Handler:
    """The handler of the button that orders ``kind``; the address names the call or operator that it is about."""

    async def ordered(request: web.Request) -> web.StreamResponse:
        console, by = request.app[CONSOLE], user_of(request).id
        wish = await _wish(request, kind, by, console)
        if wish.reason not in (None, *(await console.store.centres.current()).pause_reasons):
            return answer(request, words.refusal("unknown_reason"), 409)
        return answer(request, "", 200) if await send(request, wish) else answer(request, NOT_SENT, 503)

    return ordered


async def _wish(request: web.Request, kind: CommandKind, by: str, console: Console) -> Command:
    posted = await request.post()
    fields = {name: str(posted[name]) for name in ("operator", "reason", "queue") if posted.get(name)}
    call = request.match_info.get("call")
    operator = request.match_info.get("operator") or fields.get("operator") or await _operator_of(console, call) or by
    reason = fields.get("reason", "") if kind is CommandKind.PAUSE else None
    return command(kind, operator, console.clock(), by=by, call=call, reason=reason, queue=fields.get("queue"))


async def _operator_of(console: Console, call: str | None) -> str | None:
    found = await console.store.calls.find(call) if call else None
    return found.operator if found else None


def set_closed(closed: bool) -> Handler:
    """The handler of the button that closes or opens a queue; so it stays until somebody presses the other one."""

    async def pressed(request: web.Request) -> web.StreamResponse:
        console, by = request.app[CONSOLE], user_of(request).id
        refusal = await _set_closed(console, request.match_info["queue"], by if closed else None, by)
        return answer(request, words.refusal(refusal) if refusal else "", 409 if refusal else 200)

    return pressed


async def _set_closed(console: Console, id: str, closed_by: str | None, by: str) -> str | None:
    """The code of the reason why it is not done."""
    for _ in range(TRIES):
        version = await console.store.centres.current_version()
        queue = version.centre.queue(id) if version else None
        if version is None or queue is None:
            return "unknown_queue"
        if bool(queue.closed) == bool(closed_by):
            return "already_done"
        now = console.clock()
        changed = queue.model_copy(update={"closed": Closed(by=closed_by, at=now) if closed_by else None})
        kind = EventKind.QUEUE_CLOSED if closed_by else EventKind.QUEUE_OPENED
        news = Event(kind, now, queue=id, data={"by": by})
        try:
            await console.store.centres.save(
                _with(version.centre, changed), by=by, now=now, expected_version=version.version, also=[news]
            )
        except Changed:
            await console.store.centres.refresh()
        else:
            return None
    return "changed_meanwhile"


def _with(centre: Centre, changed: Queue) -> Centre:
    queues = tuple(changed if queue.id == changed.id else queue for queue in centre.queues)
    return centre.model_copy(update={"queues": queues})
