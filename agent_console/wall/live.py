"""The wallboard's live fragments. Rendered from the store, so that every process and every restart shows the same."""

from __future__ import annotations

from agent_console.console import Console
from agent_console.japan_day import day_of, next_midnight
from agent_console.live.hub import Hub, no_later_than
from agent_console.live.topic import Fragment, Topic
from agent_console.pages import Pages
from agent_console.wall.board import Board, board
from kernel.events import Event, EventKind
from kernel.figures import rules_of

OF_QUEUES = frozenset(
    {
        EventKind.CALL_ARRIVED,
        EventKind.CALL_QUEUED,
        EventKind.CALL_OFFERED,
        EventKind.OFFER_NOT_ANSWERED,
        EventKind.CALL_ANSWERED,
        EventKind.CALL_ABANDONED,
        EventKind.CALL_LOST,
        EventKind.CALL_OVERFLOWED,
        EventKind.CALL_ENDED,
        EventKind.CALL_FAILED,
        EventKind.CALL_ADOPTED,
        EventKind.CALLBACK_ASKED,
        EventKind.CALLBACK_GIVEN_UP,
        EventKind.CENTRE_CHANGED,
    }
)
OF_OPERATORS = frozenset({EventKind.OPERATOR_CHANGED, EventKind.PAUSE_OVERRUN, EventKind.CENTRE_CHANGED})


async def read_board(console: Console, hub: Hub) -> Board:
    """The board of now."""
    await hub.caught_up()
    now, centre = console.clock(), await console.store.centres.current()
    return board(
        centre,
        [*await console.store.calls.waiting(), *await console.store.calls.called_back()],
        await console.store.operators.statuses(),
        hub.day.contacts.by_queue(day_of(now), rules_of(centre), now),
        now,
    )


def queues(console: Console, hub: Hub, pages: Pages) -> Topic:
    """Waiting calls, longest wait, calls beyond the target, the day's figures, for each queue."""

    async def render() -> Fragment:
        board = await read_board(console, hub)
        changes = no_later_than(board.changes, next_midnight(console.clock()))
        return Fragment(pages.render("live/push.html", target="queues", board=board), changes)

    return hub.topic("queues", render, _concerns_queues)


def operators(console: Console, hub: Hub, pages: Pages) -> Topic:
    """The operators by state."""

    async def render() -> Fragment:
        return Fragment(pages.render("live/push.html", target="operators", board=await read_board(console, hub)))

    return hub.topic("operators", render, _concerns_operators)


def _concerns_queues(event: Event) -> bool:
    return event.kind in OF_QUEUES


def _concerns_operators(event: Event) -> bool:
    return event.kind in OF_OPERATORS
