"""The wallboard's word on callers who are turned away."""

from __future__ import annotations

from dataclasses import dataclass

from agent_console.console import Console
from agent_console.japan_day import day_of, next_midnight
from agent_console.live.congestion import Episode
from agent_console.live.hub import Hub
from agent_console.live.topic import Fragment, Topic
from agent_console.pages import Pages
from kernel.events import Event, EventKind

KINDS = frozenset(
    {
        EventKind.ADMISSION_CHANGED,
        EventKind.CALL_TURNED_AWAY,
        EventKind.CONTROLLER_STARTED,
        EventKind.CONTROLLER_STOPPED,
    }
)
SHOWN = 5


@dataclass(frozen=True, slots=True)
class CongestionView:
    """``now`` lasts; ``over`` are the last of today; ``turned_away`` are today's callers."""

    now: Episode | None
    over: tuple[Episode, ...]
    turned_away: int


async def read_congestion(console: Console, hub: Hub) -> CongestionView:
    """As it is now."""
    await hub.caught_up()
    today, told = day_of(console.clock()), hub.day.congestion
    return CongestionView(told.now, told.over(today)[:SHOWN], told.turned_away(today))


def congestion(console: Console, hub: Hub, pages: Pages) -> Topic:
    """Whether callers are let in, and what has been today."""

    async def render() -> Fragment:
        view = await read_congestion(console, hub)
        html = pages.render("live/push.html", target="congestion", congestion=view)
        return Fragment(html, next_midnight(console.clock()))

    return hub.topic("congestion", render, _concerns)


def _concerns(event: Event) -> bool:
    return event.kind in KINDS
