"""折り返し: who is to be called back, live; and who may cancel it."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from agent_console import words
from agent_console.commands import send
from agent_console.console import CONSOLE, HUB, PAGES, Console, user_of
from agent_console.desk.actions import NOT_SENT, answer
from agent_console.desk.citizens import of_calls
from agent_console.layout import render
from agent_console.live.hub import Hub
from agent_console.live.topic import Fragment, Topic
from agent_console.pages import Pages
from agent_console.pushing import push
from agent_console.seen import seen
from agent_console.serving import serves
from agent_console.wall.supervisors import read_told, told
from crm.users import User
from kernel.call import Call, Stage
from kernel.centre import Centre
from kernel.commands import CommandKind, command
from kernel.events import EventKind

CONCERNS = frozenset(
    {
        EventKind.CALLBACK_ASKED,
        EventKind.CALLBACK_RINGS,
        EventKind.CALLBACK_NOT_REACHED,
        EventKind.CALLBACK_GIVEN_UP,
        EventKind.CALL_OFFERED,
        EventKind.OFFER_NOT_ANSWERED,
        EventKind.CALL_ANSWERED,
        EventKind.CALL_FAILED,
        EventKind.CALL_ENDED,
        EventKind.CENTRE_CHANGED,
    }
)


@dataclass(frozen=True, slots=True)
class Owed:
    """One callback. ``last`` is why the latest try came to nothing, "" before one; ``rings``: it is being made."""

    call: Call
    label: str
    attempts: int
    of: int
    last: str
    rings: bool


async def page(request: web.Request) -> web.StreamResponse:
    """Those of the queues that the user serves, the longest wait first."""
    console, hub, user = request.app[CONSOLE], request.app[HUB], user_of(request)
    owed = await read_owed(console, user)
    seen(request, of_calls(one.call for one in owed))
    return await render(request, "callbacks.html", owed=owed, desk=await read_told(console, hub, user.id))


async def live(request: web.Request) -> web.StreamResponse:
    """Push the same, and what became of the own clicks."""
    parts, user = (request.app[CONSOLE], request.app[HUB], request.app[PAGES]), user_of(request)
    return await push(request, callbacks(*parts, user), told(*parts, user.id))


async def cancel(request: web.Request) -> web.StreamResponse:
    """Ask the controller to give one up; it says so where it is ringing just now."""
    console, user = request.app[CONSOLE], user_of(request)
    call = await console.store.calls.find(request.match_info["call"])
    if call is None or call.stage is not Stage.CALL_BACK:
        return answer(request, words.refusal("call_is_over"), 409)
    if not serves(user, call.queue, await console.store.centres.current()):
        raise web.HTTPForbidden
    wish = command(CommandKind.CANCEL_CALLBACK, user.id, console.clock(), call=call.id)
    return answer(request, "", 200) if await send(request, wish) else answer(request, NOT_SENT, 503)


def callbacks(console: Console, hub: Hub, pages: Pages, user: User) -> Topic:
    """What ``user`` sees of them."""

    async def render_owed() -> Fragment:
        owed = await read_owed(console, user)
        text = pages.render("live/push.html", target="callbacks", owed=owed)
        return Fragment(text, citizens=of_calls(one.call for one in owed))

    return hub.topic(f"callbacks {user.id}", render_owed, lambda event: event.kind in CONCERNS)


async def read_owed(console: Console, user: User) -> tuple[Owed, ...]:
    """The callbacks of the queues that ``user`` serves."""
    centre = await console.store.centres.current()
    calls = [call for call in await console.store.calls.called_back() if serves(user, call.queue, centre)]
    return tuple([_owed(call, await _last(console, call), centre) for call in calls])


async def _last(console: Console, call: Call) -> str:
    """The reason of the latest try that came to nothing, in words."""
    if not call.callback or not call.callback.attempts:
        return ""
    stored = [one.event for one in await console.store.events.of_call(call.id)]
    failed = [event for event in stored if event.kind is EventKind.CALLBACK_NOT_REACHED]
    return words.not_reached(failed[-1].data.get("reason")) if failed else ""


def _owed(call: Call, last: str, centre: Centre) -> Owed:
    queue = centre.queue(call.queue or "")
    return Owed(
        call=call,
        label=queue.label if queue else call.queue or "",
        attempts=call.callback.attempts if call.callback else 0,
        of=queue.callback.attempts if queue else 0,
        last=last,
        rings=call.offer is not None,
    )
