"""The supervisors' part of the wallboard, live: what can be acted on, and what became of the own clicks."""

from __future__ import annotations

from dataclasses import dataclass

from agent_console.console import Console
from agent_console.desk.view import NOTICE_LASTS, Notice, notice_of
from agent_console.live.hub import Hub, no_later_than
from agent_console.live.topic import Fragment, Topic
from agent_console.pages import Pages
from agent_console.wall.live import OF_OPERATORS, OF_QUEUES
from agent_console.wall.supervision import Supervision, supervision
from kernel.events import Event, EventKind

CONCERNS = (
    OF_QUEUES
    | OF_OPERATORS
    | {
        EventKind.CALL_MOVED,
        EventKind.MONITOR_STARTED,
        EventKind.MONITOR_CHANGED,
        EventKind.MONITOR_ENDED,
        EventKind.CALL_TAKEN_OVER,
        EventKind.TALK_ENDED,
        EventKind.HAND_OVER_STARTED,
    }
)


@dataclass(frozen=True, slots=True)
class Told:
    """What one supervisor must be told of."""

    notice: Notice | None


async def read_supervision(console: Console, hub: Hub) -> Supervision:
    """What all supervisors see now."""
    await hub.caught_up()
    store = console.store
    calls = [*await store.calls.waiting(), *await store.calls.talking()]
    names = {user.id: user.name for user in await store.users.list()}
    return supervision(await store.centres.current(), calls, await store.operators.statuses(), names)


async def read_told(console: Console, hub: Hub, supervisor: str) -> Told:
    """What ``supervisor`` must be told of now."""
    await hub.caught_up()
    return Told(notice_of(hub.day.notice(supervisor), hub.unanswered(supervisor), console.clock()))


def supervised(console: Console, hub: Hub, pages: Pages) -> Topic:
    """The same for all supervisors."""

    async def render() -> Fragment:
        shown = await read_supervision(console, hub)
        return Fragment(pages.render("live/push.html", target="supervision", supervision=shown))

    return hub.topic("supervision", render, lambda event: event.kind in CONCERNS)


def told(console: Console, hub: Hub, pages: Pages, supervisor: str) -> Topic:
    """Refusals, and clicks that nobody answered, to the one who clicked."""

    async def render() -> Fragment:
        shown = await read_told(console, hub, supervisor)
        click = hub.unanswered(supervisor)
        changes = no_later_than(
            shown.notice.at + NOTICE_LASTS if shown.notice else None,
            click.expires if click and not click.expired(console.clock()) else None,
        )
        return Fragment(pages.render("live/push.html", target="notice", desk=shown), changes)

    def concerns(event: Event) -> bool:
        return supervisor in (event.operator, event.data.get("by"))

    return hub.topic(f"wall {supervisor}", render, concerns)
