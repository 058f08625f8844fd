"""The alarms, live: looked at every few seconds while somebody watches, since what is broken tells no news."""

from __future__ import annotations

import logging
from datetime import timedelta

from agent_console.console import Console
from agent_console.live.hub import Hub
from agent_console.live.topic import Fragment, Topic
from agent_console.pages import Pages
from agent_console.wall.alarms import Alarm, alarms, unserved
from agent_console.wall.live import OF_OPERATORS, OF_QUEUES
from agent_console.wall.pulse import Pulse
from ivr.hours import is_open
from kernel.events import Event, EventKind

log = logging.getLogger(__name__)

LOOKS_EVERY = timedelta(seconds=3)
OF_CONTROL = frozenset(
    {
        EventKind.CONTROLLER_STARTED,
        EventKind.CONTROLLER_STOPPED,
        EventKind.EXCHANGE_CONNECTED,
        EventKind.EXCHANGE_LOST,
        EventKind.QUEUE_CLOSED,
        EventKind.QUEUE_OPENED,
    }
)
KINDS = OF_QUEUES | OF_OPERATORS | OF_CONTROL


async def read_alarms(console: Console, hub: Hub, pulse: Pulse) -> tuple[Alarm, ...]:
    """What is to be told now; a store that fails is an alarm itself."""
    now, store = console.clock(), console.store
    try:
        silent = await pulse.silent_since(now)
        centre = await store.centres.current()
        waiting = {call.queue for call in await store.calls.waiting() if call.queue}
        empty = unserved(centre, await store.operators.statuses(), is_open(centre.hours, now), waiting)
    except Exception as wrong:
        log.warning("the wallboard can't ask the store: %s", type(wrong).__name__)
        return alarms(hub.day.control, None, True, (), now)
    return alarms(hub.day.control, silent, hub.trouble() is not None, empty, now)


def alarms_topic(console: Console, hub: Hub, pages: Pages, pulse: Pulse) -> Topic:
    """The same for all who watch."""

    async def render() -> Fragment:
        shown = await read_alarms(console, hub, pulse)
        html = pages.render("live/push.html", target="alarms", alarms=shown)
        return Fragment(html, console.clock() + LOOKS_EVERY)

    return hub.topic("alarms", render, _concerns)


def _concerns(event: Event) -> bool:
    return event.kind in KINDS
