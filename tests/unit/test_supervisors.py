"""What supervisors do with operators, waiting calls and queues, in virtual time."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from ivr.seed_file import load
from kernel.call import Outcome, Stage
from kernel.centre import Centre
from kernel.commands import CommandKind
from kernel.events import EventKind
from kernel.operator import OperatorState
from kernel.routing import Closed
from tests.support.house import SEED, TUESDAY_NOON, House, house

pytestmark = pytest.mark.looptime

CALL = "c-1"


async def waiting(home: House, call: str = CALL, key: str = "1"):
    home.exchange.call(call, keys=key)
    return await home.at(call, Stage.WAIT)


def events(home: House, kind: EventKind):
    return [stored.event for stored in home.store.stored if stored.event.kind is kind]


async def refusal(home: House) -> str:
    await home.until(lambda: bool(events(home, EventKind.COMMAND_REFUSED)), "a refusal")
    refused = events(home, EventKind.COMMAND_REFUSED)[-1]
    assert refused.operator == "kanri"
    return str(refused.data["reason"])


def with_queue(**changed: object) -> Centre:
    centre = load(SEED)
    first, *others = centre.queues
    return centre.model_copy(update={"queues": (first.model_copy(update=changed), *others)})


async def test_a_pause_that_a_supervisor_orders_holds_and_says_who_ordered_it():
    async with house() as home:
        home.ready("sato")
        await home.controller()
        await home.click(CommandKind.PAUSE, "sato", by="kanri", reason="研修")
        await home.until(lambda: home.operator("sato") is OperatorState.PAUSED, "the pause")
        (changed,) = events(home, EventKind.OPERATOR_CHANGED)
        assert (changed.operator, changed.data["by"], changed.data["reason"]) == ("sato", "kanri", "研修")
        await home.kill()
        await home.controller()
        await waiting(home)
        await asyncio.sleep(30)
        assert (home.operator("sato"), home.exchange.rung) == (OperatorState.PAUSED, [])


async def test_a_pause_ordered_during_a_talk_comes_after_the_wrap_up():
    async with house() as home:
        home.ready("sato")
        home.phone("7001", answers_after=1)
        await home.controller()
        home.exchange.call(CALL, keys="1")
        await home.at(CALL, Stage.TALK)
        await home.click(CommandKind.PAUSE, "sato", by="kanri", reason="休憩")
        await home.until(lambda: home.store.by_operator["sato"].then is OperatorState.PAUSED, "the order is noted")
        assert home.operator("sato") is OperatorState.TALKING
        home.exchange.hang_up(CALL)
        await home.at(CALL, Stage.WRAP_UP)
        await home.click(CommandKind.FINISH_WRAP_UP, "sato", CALL)
        await home.until(lambda: home.operator("sato") is OperatorState.PAUSED, "the pause")


async def test_a_refused_order_is_told_to_the_supervisor_who_gave_it():
    async with house() as home:
        await home.controller()
        await home.click(CommandKind.READY, "sato", by="kanri")
        assert await refusal(home) == "wrong_state"


async def test_a_call_that_is_moved_keeps_the_time_waited_and_hears_the_same_music():
    async with house() as home:
        await home.controller()
        before = await waiting(home)
        await asyncio.sleep(20)
        heard = list(home.exchange.channels[CALL].heard)
        await home.click(CommandKind.MOVE_TO_QUEUE, "kanri", CALL, queue="exchange")
        await home.until(lambda: home.store.calls[CALL].queue == "exchange", "the move")
        assert home.store.calls[CALL].waiting_since == before.waiting_since
        assert home.exchange.channels[CALL].music
        assert home.exchange.channels[CALL].heard == heard
        (moved,) = events(home, EventKind.CALL_MOVED)
        assert (moved.queue, moved.data["by"], moved.data["to"]) == ("enquiries", "kanri", "exchange")
        home.phone("7001", answers_after=1)
        await home.click(CommandKind.LOG_IN, "sato")
        await home.click(CommandKind.READY, "sato")
        talk = await home.at(CALL, Stage.TALK)
        assert talk.queue == "exchange"


def apart() -> Centre:
    """Suzuki serves the exchange alone."""
    centre = load(SEED)
    seats = [
        seat.model_copy(update={"queues": ("exchange",)}) if seat.id == "suzuki" else seat for seat in centre.operators
    ]
    return centre.model_copy(update={"operators": tuple(seats)})


async def test_a_call_that_is_assigned_rings_its_operator_who_does_not_serve_its_queue():
    async with house(apart()) as home:
        home.ready("suzuki")
        home.phone("7002", answers_after=1)
        await home.controller()
        await waiting(home)
        await asyncio.sleep(10)
        assert home.exchange.rung == []
        await home.click(CommandKind.MOVE_TO_OPERATOR, "suzuki", CALL, by="kanri")
        talk = await home.at(CALL, Stage.TALK)
        assert (talk.operator, talk.queue, talk.assigned) == ("suzuki", "enquiries", None)
        (offered,) = events(home, EventKind.CALL_OFFERED)
        assert offered.data["why"] == "assigned"


async def test_a_call_that_is_assigned_waits_for_that_operator_also_after_a_restart():
    async with house(apart()) as home:
        home.ready("suzuki")
        home.phone("7002", answers_after=1)
        home.phone("7001", answers_after=1)
        await home.controller()
        await waiting(home, "c-0", "2")
        await home.at("c-0", Stage.TALK)
        await waiting(home)
        await home.click(CommandKind.MOVE_TO_OPERATOR, "suzuki", CALL, by="kanri")
        await home.until(lambda: home.store.calls[CALL].assigned == "suzuki", "the order")
        await home.kill()
        await home.controller()
        await home.click(CommandKind.LOG_IN, "sato")
        await home.click(CommandKind.READY, "sato")
        await asyncio.sleep(400)
        assert home.store.calls[CALL].stage is Stage.WAIT, "it waits for suzuki alone"
        home.exchange.hang_up("c-0")
        await home.at("c-0", Stage.WRAP_UP)
        await home.click(CommandKind.FINISH_WRAP_UP, "suzuki", "c-0")
        assert (await home.at(CALL, Stage.TALK)).operator == "suzuki"


async def test_a_call_whose_operator_leaves_is_everybodys_again():
    async with house(apart()) as home:
        home.ready("suzuki")
        home.phone("7002", answers_after=1)
        home.phone("7001", answers_after=1)
        await home.controller()
        await waiting(home, "c-0", "2")
        await home.at("c-0", Stage.TALK)
        await waiting(home)
        await home.click(CommandKind.MOVE_TO_OPERATOR, "suzuki", CALL, by="kanri")
        await home.until(lambda: home.store.calls[CALL].assigned == "suzuki", "the order")
        await home.click(CommandKind.LOG_IN, "sato")
        await home.click(CommandKind.READY, "sato")
        await home.click(CommandKind.PAUSE, "suzuki", reason="休憩")
        assert (await home.at(CALL, Stage.TALK)).operator == "sato"


@pytest.mark.parametrize(
    ("kind", "about", "more", "reason"),
    [
        (CommandKind.MOVE_TO_QUEUE, "kanri", {"queue": "nowhere"}, "unknown_queue"),
        (CommandKind.MOVE_TO_QUEUE, "kanri", {"queue": "enquiries"}, "already_done"),
        (CommandKind.MOVE_TO_OPERATOR, "nobody", {}, "unknown_operator"),
        (CommandKind.MOVE_TO_OPERATOR, "sato", {}, "operator_away"),
    ],
)
async def test_a_move_that_leads_nowhere_is_refused(kind: CommandKind, about: str, more: dict[str, str], reason: str):
    async with house() as home:
        await home.controller()
        await waiting(home)
        await home.click(kind, about, CALL, by="kanri", **more)
        assert await refusal(home) == reason


async def test_a_call_that_rings_is_not_moved_away_under_the_operators_hand():
    async with house() as home:
        home.ready("sato")
        home.phone("7001", answers_after=10)
        await home.controller()
        home.exchange.call(CALL, keys="1")
        await home.until(lambda: bool(home.exchange.rung), "the phone rings")
        await home.click(CommandKind.MOVE_TO_QUEUE, "kanri", CALL, queue="exchange")
        assert await refusal(home) == "being_offered"
        assert (await home.at(CALL, Stage.TALK)).operator == "sato"


async def test_a_call_that_is_over_is_not_moved():
    async with house() as home:
        await home.controller()
        await waiting(home)
        home.exchange.hang_up(CALL)
        await home.at(CALL, Stage.ENDED)
        await home.click(CommandKind.MOVE_TO_QUEUE, "kanri", CALL, queue="exchange")
        assert await refusal(home) == "call_is_over"


CLOSED = Closed(by="kanri", at=TUESDAY_NOON - timedelta(minutes=1))


async def test_a_new_call_for_a_closed_queue_hears_that_it_is_closed():
    async with house(with_queue(closed=CLOSED)) as home:
        await home.controller()
        home.exchange.call(CALL, keys="1")
        over = await home.at(CALL, Stage.ENDED)
        assert over.outcome is Outcome.CLOSED
        assert home.store.centre.announcements["queue-closed"] in home.exchange.channels[CALL].heard


async def test_a_new_call_for_a_closed_queue_follows_its_rule():
    rule = {"when": "closed", "to": {"queue": "exchange"}}
    queue = load(SEED).queues[0].model_dump() | {"closed": CLOSED, "overflow": [rule]}
    centre = load(SEED)
    checked = centre.queues[0].model_validate(queue)
    centre = centre.model_copy(update={"queues": (checked, *centre.queues[1:])})
    async with house(centre) as home:
        await home.controller()
        call = await waiting(home)
        assert call.queue == "exchange"


async def test_who_waits_when_a_queue_is_closed_is_still_served():
    async with house() as home:
        home.phone("7001", answers_after=1)
        await home.controller()
        await waiting(home)
        home.store.centre = with_queue(closed=CLOSED)
        await home.kill()
        await home.controller()
        await home.click(CommandKind.LOG_IN, "sato")
        await home.click(CommandKind.READY, "sato")
        await home.at(CALL, Stage.TALK)
