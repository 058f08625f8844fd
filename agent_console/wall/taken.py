"""What a supervisor does with a call taken over (引き継ぎ): hang up, put back, hand over, write the history."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from agent_console import words
from agent_console.commands import send
from agent_console.console import CONSOLE, Console, user_of
from agent_console.desk.actions import NOT_SENT, answer
from agent_console.desk.citizens import of_form
from agent_console.desk.clicks import EXTENSION
from agent_console.desk.forms import read_form
from agent_console.desk.taken_over import took_over
from agent_console.directory.found import paths_of
from agent_console.directory.gate import unreachable
from agent_console.layout import render
from agent_console.live.hub import Hub
from agent_console.live.topic import Fragment, Topic
from agent_console.pages import Pages
from agent_console.seen import seen
from agent_console.wall.supervisors import CONCERNS
from kernel.call import Call, Stage
from kernel.centre import Centre, Queue
from kernel.commands import CommandKind, command
from kernel.events import EventKind

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class TakenRow:
    """A call taken over at ``since``; ``talks``: the supervisor is still at it."""

    call: str
    label: str
    since: datetime
    talks: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """One supervisor's calls that are not written up, and where one that talks can go."""

    rows: tuple[TakenRow, ...]
    queues: tuple[Queue, ...]


async def read_taken(console: Console, hub: Hub, supervisor: str) -> Taken:
    """What ``supervisor`` has taken over and nobody has written up."""
    await hub.caught_up()
    centre = await console.store.centres.current()
    labels = {queue.id: queue.label for queue in centre.queues}
    rows: list[TakenRow] = []
    for one in hub.day.taken(supervisor):
        if call := await console.store.calls.find(one.call):
            queue = call.queue or ""
            rows.append(TakenRow(call.id, labels.get(queue, queue), one.answered, _leads(call, supervisor)))
    return Taken(tuple(rows), centre.queues)


def taken(console: Console, hub: Hub, pages: Pages, supervisor: str) -> Topic:
    """The same, live."""

    async def render_taken() -> Fragment:
        shown = await read_taken(console, hub, supervisor)
        return Fragment(pages.render("live/push.html", target="taken", taken=shown))

    concerns = CONCERNS | {EventKind.HISTORY_SAVED}
    return hub.topic(f"taken {supervisor}", render_taken, lambda event: event.kind in concerns)


def lead(kind: CommandKind) -> Handler:
    """The handler of a button for the call that the supervisor leads; what comes of it comes by the live push."""

    async def pressed(request: web.Request) -> web.StreamResponse:
        console, by = request.app[CONSOLE], user_of(request).id
        posted = await request.post()
        fields = {name: str(posted.get(name, "")).strip() or None for name in ("queue", "extension")}
        led = request.match_info["call"]
        wish = command(kind, by, console.clock(), call=led, queue=fields["queue"], extension=fields["extension"])
        call = await console.store.calls.find(led)
        refusal = _refusal(kind, call, by, fields, await console.store.centres.current())
        if extension := fields["extension"] if refusal is None and kind is CommandKind.HAND_OVER else None:
            refusal = await unreachable(request, extension, anyway="anyway" in posted)
        if refusal:
            return answer(request, words.refusal(refusal), 409)
        return answer(request, "", 200) if await send(request, wish) else answer(request, NOT_SENT, 503)

    return pressed


async def page(request: web.Request) -> web.StreamResponse:
    """The form that writes the history of a call that the supervisor took over."""
    console, by = request.app[CONSOLE], user_of(request).id
    call = await console.store.calls.find(request.match_info["call"])
    if call is None or call.answered is None:
        raise web.HTTPNotFound
    if not await took_over(console, call.id, by):
        raise web.HTTPForbidden
    form = await read_form(console, call, by)
    seen(request, of_form(form))
    paths = paths_of(user_of(request).role, call.id)
    talk_draft = (await console.store.talk_drafts.heads([call.id])).get(call.id)
    shown = {"form": form, "leads": _leads(call, by), "paths": paths, "talk_draft": talk_draft}
    return await render(request, "taken.html", **shown)


def _leads(call: Call, supervisor: str) -> bool:
    return call.stage is Stage.TALK and call.operator == supervisor


def _refusal(
    kind: CommandKind, call: Call | None, by: str, fields: dict[str, str | None], centre: Centre
) -> str | None:
    if call is None or call.stage is not Stage.TALK:
        return "call_is_over"
    if not _leads(call, by):
        return "not_your_call"
    if kind is CommandKind.HAND_OVER and not EXTENSION.fullmatch(fields["extension"] or ""):
        return "unknown_extension"
    if kind is CommandKind.PUT_BACK and centre.queue(fields["queue"] or "") is None:
        return "unknown_queue"
    return None
