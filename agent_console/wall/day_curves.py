"""The curves of the day, live."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from agent_console.console import Console
from agent_console.japan_day import day_of
from agent_console.live.hub import Hub
from agent_console.live.topic import Fragment, Topic
from agent_console.pages import Pages
from agent_console.wall.curves import Curve, curves, places
from agent_console.wall.usual import Usual
from ivr.hours import periods_on
from kernel.events import Event, EventKind
from kernel.figures import QUARTER, quarter_of, rules_of

GAP_SECONDS = 30.0
"""A curve of quarters of an hour need not hurry."""


async def read_curves(console: Console, hub: Hub, known: Usual) -> Sequence[Curve]:
    """The curves of now."""
    await hub.caught_up()
    now, centre = console.clock(), await console.store.centres.current()
    day, rules = day_of(now), rules_of(centre)
    today = places(hub.day.contacts.quarters(day, rules, now), day)
    return curves(centre, periods_on(centre.hours, day), today, await known.on(day, rules), now)


def day_curves(console: Console, hub: Hub, pages: Pages, known: Usual) -> Topic:
    """Calls of the day by queue; a new point at the end of each quarter of an hour."""

    async def render() -> Fragment:
        shown = await read_curves(console, hub, known)
        return Fragment(pages.render("live/push.html", target="curves", curves=shown), _next_quarter(console.clock()))

    return hub.topic("curves", render, _concerns, GAP_SECONDS)


def _next_quarter(now: datetime) -> datetime:
    return quarter_of(now) + QUARTER


def _concerns(event: Event) -> bool:
    return event.kind is EventKind.CENTRE_CHANGED
