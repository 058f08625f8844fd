"""What the centre owes to callers: those who gave up waiting (放棄呼, hard case 16), and those who asked to be rung."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from agent_console.console import Console
from agent_console.live.hub import Hub
from agent_console.live.topic import Fragment, Topic
from agent_console.pages import Pages
from kernel.events import Event, EventKind

LOOKS_BACK = timedelta(days=7)
"""As the page of 放棄呼 does."""
GAP_SECONDS = 2.0
KINDS = frozenset(
    {
        EventKind.CALL_ABANDONED,
        EventKind.CALL_LOST,
        EventKind.CALL_FOLLOWED_UP,
        EventKind.CALL_ANSWERED,
        EventKind.CALLBACK_ASKED,
        EventKind.CALLBACK_RINGS,
        EventKind.CALLBACK_GIVEN_UP,
        EventKind.CALL_ENDED,
    }
)


@dataclass(frozen=True, slots=True)
class Owed:
    """``unsettled``: gave up, and nobody has spoken with them since. ``callbacks`` wait since ``oldest``."""

    unsettled: int
    callbacks: int
    oldest: datetime | None


async def read_owed(console: Console, hub: Hub) -> Owed:
    """As it is now."""
    await hub.caught_up()
    waiting = await console.store.calls.called_back()
    asked = [call.callback.asked for call in waiting if call.callback]
    unsettled = await console.store.given_up.unsettled(console.clock() - LOOKS_BACK)
    return Owed(unsettled, len(waiting), min(asked, default=None))


def owed(console: Console, hub: Hub, pages: Pages) -> Topic:
    """The same for all who watch."""

    async def render() -> Fragment:
        return Fragment(pages.render("live/push.html", target="owed", owed=await read_owed(console, hub)))

    return hub.topic("owed", render, _concerns, GAP_SECONDS)


def _concerns(event: Event) -> bool:
    return event.kind in KINDS
