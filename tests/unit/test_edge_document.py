"""The centre's document changes under calls: what they wait for, or are led to, is taken out of it. In virtual time."""

from __future__ import annotations

import pytest

from kernel.call import Call, Outcome, Stage
from kernel.centre import Centre, Menu
from kernel.commands import CommandKind
from kernel.events import Event, EventKind
from kernel.operator import OperatorState
from kernel.routing import Lead, Overflow
from tests.support.house import House, house

pytestmark = pytest.mark.looptime


async def change(home: House, **parts: object) -> None:
    """Save another document, as an administrator does, and tell of it."""
    home.store.centre = Centre.model_validate(home.store.centre.model_copy(update=parts).model_dump())
    home.store.write(Event(EventKind.CENTRE_CHANGED, home.now()))
    await home.tell(home.store.stored[-1])


async def remove_queue(home: House, queue: str) -> None:
    """Its seats, its keys and the rules that lead to it go with it."""
    centre = home.store.centre
    left = tuple(one for one in centre.queues if one.id != queue)
    lead = Lead(queue=left[0].id)

    def elsewhere(menu: Menu) -> Menu:
        keys = {key: lead if to.queue == queue else to for key, to in menu.keys.items()}
        return menu.model_copy(update={"keys": keys, "no_key": lead if menu.no_key.queue == queue else menu.no_key})

    seats = tuple(
        seat.model_copy(update={"queues": tuple(one for one in seat.queues if one != queue)})
        for seat in centre.operators
    )
    menus = {id: elsewhere(menu) for id, menu in centre.menus.items()}
    bots = {id: bot.model_copy(update={"queue": left[0].id}) for id, bot in centre.voicebots.items()}
    await change(home, queues=left, operators=seats, menus=menus, voicebots=bots)


async def remove_operator(home: House, operator: str) -> None:
    await change(home, operators=tuple(seat for seat in home.store.centre.operators if seat.id != operator))


async def state(home: House, operator: str, state: OperatorState) -> None:
    known = home.store.by_operator
    await home.until(lambda: operator in known and known[operator].state is state, f"{operator} {state}")


async def served_after_all(home: House, call: Call) -> None:
    """The caller is asked anew, chooses, and is answered with the time already waited."""
    home.exchange.keys[call.id].append((1.0, "1"))
    home.phone("7001", answers_after=1)
    await home.click(CommandKind.LOG_IN, "sato")
    await home.click(CommandKind.READY, "sato")
    talk = await home.at(call.id, Stage.TALK)
    assert talk.waiting_since == call.waiting_since
    assert home.store.kinds(call.id).count("call_failed") == 0


async def test_callers_whose_queue_is_removed_while_they_wait_are_asked_anew_and_keep_their_time():
    async with house() as home:
        await home.controller()
        home.exchange.call("c-1", keys="2")
        call = await home.at("c-1", Stage.WAIT)
        await remove_queue(home, "exchange")
        await home.at("c-1", Stage.MENU)
        moved = next(one.event for one in home.store.stored if one.event.kind is EventKind.CALL_OVERFLOWED)
        assert (moved.data["why"], moved.data["to"]) == ("removed", home.store.centre.entry)
        await served_after_all(home, call)


async def test_callers_whose_queue_was_removed_while_no_controller_was_there_are_asked_anew():
    async with house() as home:
        await home.controller()
        home.exchange.call("c-1", keys="2")
        call = await home.at("c-1", Stage.WAIT)
        await home.kill()
        await remove_queue(home, "exchange")
        await home.controller()
        await home.at("c-1", Stage.MENU)
        await served_after_all(home, call)


async def test_a_phone_that_rings_for_a_queue_that_is_removed_rings_on_and_its_answer_counts():
    async with house() as home:
        home.ready("sato")
        home.phone("7001", answers_after=6)
        await home.controller()
        home.exchange.call("c-1", keys="2")
        await state(home, "sato", OperatorState.RINGING)
        await remove_queue(home, "exchange")
        assert (await home.at("c-1", Stage.TALK)).operator == "sato"


async def test_a_caller_who_comes_back_to_a_queue_that_was_removed_is_asked_anew():
    async with house() as home:
        home.ready("sato")
        home.phone("7001", answers_after=1)
        home.phone("2301@city-pbx", refuses="busy")
        await home.controller()
        home.exchange.call("c-1", keys="2")
        await home.at("c-1", Stage.TALK)
        await remove_queue(home, "exchange")
        await home.click(CommandKind.HAND_OVER, "sato", "c-1", extension="2301")
        await home.at("c-1", Stage.MENU)


@pytest.mark.parametrize("gone", ["queue", "menu", "announcement"])
async def test_a_key_that_leads_to_what_was_removed_while_the_caller_listened_leads_to_the_first_menu(gone: str):
    async with house() as home:
        centre = home.store.centre
        extra = Lead.model_validate({gone: {"queue": "exchange", "menu": "more", "announcement": "more"}[gone]})
        main = centre.menus[centre.entry]
        before = main.model_copy(update={"keys": {**main.keys, "5": extra}})
        home.store.centre = centre.model_copy(
            update={
                "menus": {**centre.menus, centre.entry: before, "more": main},
                "announcements": {**centre.announcements, "more": "詳しくはこちらです。"},
            }
        )
        await home.controller()
        channel = home.exchange.call("c-1", keys="5")
        await home.at("c-1", Stage.MENU)
        await change(home, menus=centre.menus, announcements=centre.announcements)
        if gone == "queue":
            await remove_queue(home, "exchange")
        await home.until(lambda: home.store.calls["c-1"].keys == ("5",), "the key is pressed")
        home.exchange.keys["c-1"].append((1.0, "1"))
        assert (await home.at("c-1", Stage.WAIT)).queue == "enquiries"
        assert channel.alive


async def test_a_rule_whose_announcement_is_removed_while_it_is_followed_leads_to_the_first_menu():
    async with house() as home:
        centre = home.store.centre
        rule = Overflow(when="waited", after=30, to=Lead(announcement="more"))
        queues = tuple(queue.model_copy(update={"overflow": (rule,)}) for queue in centre.queues)
        home.store.centre = centre.model_copy(
            update={"queues": queues, "announcements": {**centre.announcements, "more": "折り返しおかけください。"}}
        )
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.WAIT)
        del home.store.centre.announcements["more"]  # as it is between the decision and the reading
        await home.at("c-1", Stage.MENU)
        assert home.store.kinds("c-1").count("call_failed") == 0


@pytest.mark.parametrize("crash", [False, True])
@pytest.mark.parametrize("answers_after", [6, None])
async def test_an_operator_who_is_removed_while_the_phone_rings_may_answer_and_is_logged_out_afterwards(
    answers_after: float | None, crash: bool
):
    async with house() as home:
        home.ready("sato")
        home.phone("7001", answers_after=answers_after)
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await state(home, "sato", OperatorState.RINGING)
        await remove_operator(home, "sato")
        if crash:
            await home.kill()
            await home.controller()
        if answers_after:
            await home.at("c-1", Stage.TALK)
            home.exchange.hang_up("c-1")
            await state(home, "sato", OperatorState.WRAP_UP)
            await home.click(CommandKind.FINISH_WRAP_UP, "sato", "c-1")
        await state(home, "sato", OperatorState.LOGGED_OUT)
        assert len([leg for leg, *_ in home.exchange.rung if "sato" in leg]) == 1
        assert not [id for id, one in home.exchange.channels.items() if "sato" in id and one.alive]


@pytest.mark.parametrize("at", [Stage.TALK, Stage.WRAP_UP])
async def test_an_operator_who_is_removed_with_a_call_at_hand_finishes_it_across_a_restart(at: Stage):
    async with house() as home:
        home.ready("sato")
        home.phone("7001", answers_after=1)
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.TALK)
        if at is Stage.WRAP_UP:
            home.exchange.hang_up("c-1")
            await home.at("c-1", Stage.WRAP_UP)
        await remove_operator(home, "sato")
        await home.kill()
        await home.controller()
        if at is Stage.TALK:
            assert home.operator("sato") is OperatorState.TALKING
            home.exchange.hang_up("c-1")
            await home.at("c-1", Stage.WRAP_UP)
        assert home.operator("sato") is OperatorState.WRAP_UP
        await home.click(CommandKind.FINISH_WRAP_UP, "sato", "c-1")
        assert (await home.at("c-1", Stage.ENDED)).outcome is Outcome.ANSWERED
        assert home.operator("sato") is OperatorState.LOGGED_OUT


async def test_the_shift_of_an_operator_who_is_removed_while_free_ends_and_none_begins_without_a_seat():
    async with house() as home:
        home.ready("sato", "suzuki")
        await home.controller()
        await remove_operator(home, "sato")
        await state(home, "sato", OperatorState.LOGGED_OUT)
        await home.kill()
        await remove_operator(home, "suzuki")
        await home.controller()
        await state(home, "suzuki", OperatorState.LOGGED_OUT)
        await home.click(CommandKind.LOG_IN, "sato")
        refused = EventKind.COMMAND_REFUSED
        await home.until(lambda: any(one.event.kind is refused for one in home.store.stored), "a refusal")
        assert home.store.stored[-1].event.data["reason"] == "no_seat"
