"""Callbacks in virtual time: asked by key, rung in their turn, tried again, and never lost."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from dialplan.names import citizen_leg
from ivr.ask_number import DIGITS
from kernel.call import Call, Outcome, Stage
from kernel.centre import Centre
from kernel.commands import CommandKind
from kernel.events import EventKind
from kernel.operator import OperatorState
from tests.support.house import House, house

pytestmark = pytest.mark.looptime

CITIZEN = "09012345678"
CARRIER = f"{CITIZEN}@carrier"
SHOWN = "0466251111"


async def asked(home: House, id: str = "c-1", shows: str | None = CITIZEN) -> Call:
    """A caller who waited, pressed 1 and confirmed the own number; the goodbye has been heard."""
    home.exchange.call(id, shows, keys="1")
    await home.at(id, Stage.WAIT)
    await asyncio.sleep(5)
    home.exchange.press(id, "1")
    await asyncio.sleep(0.1)
    home.exchange.press(id, "1")
    return await hung_up(home, id)


async def hung_up(home: House, id: str) -> Call:
    await home.until(lambda: not home.exchange.channels[id].alive, f"{id} hangs up")
    return await home.at(id, Stage.CALL_BACK)


def rung(home: House) -> list[str]:
    return [endpoint for _, endpoint, _ in home.exchange.rung]


async def test_a_caller_who_asks_to_be_called_back_talks_when_the_turn_has_come():
    async with house() as home:
        home.phone("7001", answers_after=1)
        home.phone(CARRIER, answers_after=4)
        await home.controller()
        waits = await asked(home)
        heard = home.exchange.channels["c-1"].heard
        texts = home.store.centre.announcements
        spoken = heard[heard.index(texts["callback-number"]) :]
        assert spoken[1:12] == [DIGITS[int(digit)] for digit in CITIZEN]
        assert spoken[12:] == [texts["callback-confirm"], texts["callback-goodbye"]]
        await home.click(CommandKind.LOG_IN, "sato")
        await home.click(CommandKind.READY, "sato")
        call = await home.at("c-1", Stage.TALK)
        assert call.waiting_since == waits.waiting_since
        leg = citizen_leg("c-1", 1)
        assert home.exchange.rung == [(call.operator_leg, "7001", CITIZEN), (leg, CARRIER, SHOWN)]
        assert home.exchange.members["c-1~talk"] == {leg, call.operator_leg}
        assert home.operator("sato") is OperatorState.TALKING
        home.exchange.hang_up(leg)
        call = await home.at("c-1", Stage.WRAP_UP)
        assert call.outcome is Outcome.ANSWERED
        assert home.exchange.live_recordings == set()
        await home.click(CommandKind.FINISH_WRAP_UP, "sato", "c-1")
        await home.at("c-1", Stage.ENDED)
        kinds = home.store.kinds("c-1")
        assert kinds.index("callback_asked") < kinds.index("callback_rings") < kinds.index("call_answered")
        assert not any(channel.alive for channel in home.exchange.channels.values())


async def test_a_callback_keeps_its_place_among_those_who_wait_on_the_line():
    async with house() as home:
        home.phone("7001", answers_after=1)
        home.phone(CARRIER, answers_after=1)
        await home.controller()
        home.exchange.call("c-0", "0311112222", keys="1")
        await home.at("c-0", Stage.WAIT)
        await asked(home)
        home.exchange.call("c-2", "0311113333", keys="1")
        await home.at("c-2", Stage.WAIT)
        await home.click(CommandKind.LOG_IN, "sato")
        await home.click(CommandKind.READY, "sato")
        for id, line in (("c-0", "c-0"), ("c-1", citizen_leg("c-1", 1)), ("c-2", "c-2")):
            await home.at(id, Stage.TALK)
            home.exchange.hang_up(line)
            await home.at(id, Stage.WRAP_UP)
            await home.click(CommandKind.FINISH_WRAP_UP, "sato", id)


async def test_who_withholds_the_number_keys_one_in_and_is_told_when_it_can_not_be_called():
    async with house() as home:
        await home.controller()
        home.exchange.call("c-1", None, keys="1")
        await home.at("c-1", Stage.WAIT)
        await asyncio.sleep(5)
        home.exchange.press("c-1", "1")
        await asyncio.sleep(0.1)
        home.exchange.press("c-1", "0120111111#")
        await asyncio.sleep(6)
        home.exchange.press("c-1", "0466112222#")
        await asyncio.sleep(4)
        home.exchange.press("c-1", "1")
        call = await hung_up(home, "c-1")
        assert call.callback is not None
        assert call.callback.number.digits == "0466112222"
        heard, texts = home.exchange.channels["c-1"].heard, home.store.centre.announcements
        assert heard.count(texts["callback-bad-number"]) == 1
        assert heard.count(texts["callback-enter"]) == 2


async def test_who_confirms_no_number_goes_on_waiting_at_the_same_place():
    async with house() as home:
        await home.controller()
        home.exchange.call("c-1", keys="1")
        waits = await home.at("c-1", Stage.WAIT)
        await asyncio.sleep(5)
        home.exchange.press("c-1", "1")
        await asyncio.sleep(0.1)
        home.exchange.press("c-1", "9")
        await asyncio.sleep(10)
        call = home.store.calls["c-1"]
        assert (call.stage, call.waiting_since, call.callback) == (Stage.WAIT, waits.waiting_since, None)
        assert home.exchange.channels["c-1"].music
        home.exchange.hang_up("c-1")
        assert (await home.at("c-1", Stage.ENDED)).outcome is Outcome.ABANDONED


async def test_a_citizen_who_does_not_answer_is_tried_again_and_then_given_up_findably():
    async with house() as home:
        home.ready("sato")
        home.phone("7001")  # the call waits until the operator is back
        home.phone(CARRIER, refuses="busy")
        await home.controller()
        await asked(home)
        home.phone("7001", answers_after=1)
        began = home.now()
        await home.click(CommandKind.READY, "sato")
        await asyncio.sleep(29 * 60)
        call = await home.at("c-1", Stage.ENDED)
        assert call.outcome is Outcome.NOT_REACHED
        assert rung(home).count(CARRIER) == 3
        assert timedelta(minutes=30) <= home.now() - began < timedelta(minutes=32)
        assert home.operator("sato") is OperatorState.READY
        told = [e.event for e in home.store.stored if e.event.kind is EventKind.CALLBACK_NOT_REACHED]
        tries = [(one.data["attempt"], one.data["reason"], one.operator) for one in told]
        assert tries == [(1, "busy", "sato"), (2, "busy", "sato"), (3, "busy", "sato")]
        assert home.store.kinds("c-1")[-2:] == ["callback_given_up", "call_ended"]


async def test_nobody_is_called_back_outside_the_opening_hours_and_all_are_at_the_next_opening():
    async with house() as home:
        document = home.store.centre.model_dump(mode="json")
        document["hours"]["week"]["tue"] = ["08:30-12:02", "12:10-17:15"]
        home.store.centre = Centre.model_validate(document)
        home.phone("7001", answers_after=1)
        home.phone(CARRIER, answers_after=1)
        await home.controller()
        await asked(home)
        await asyncio.sleep(150)  # past the closing
        await home.click(CommandKind.LOG_IN, "sato")
        await home.click(CommandKind.READY, "sato")
        await asyncio.sleep(240)
        assert rung(home) == []
        answered = (await home.at("c-1", Stage.TALK)).answered
        assert 600 <= ((answered or home.start) - home.start).total_seconds() < 610


async def test_the_same_number_is_called_back_once_and_at_the_earlier_place():
    async with house() as home:
        await home.controller()
        await asked(home)
        home.exchange.call("c-2", CITIZEN, keys="1")
        await home.at("c-2", Stage.WAIT)
        await asyncio.sleep(5)
        home.exchange.press("c-2", "1")
        await asyncio.sleep(0.1)
        home.exchange.press("c-2", "1")
        second = await home.at("c-2", Stage.ENDED)
        assert second.outcome is Outcome.LEFT_QUEUE
        assert home.exchange.channels["c-2"].heard[-1] == home.store.centre.announcements["callback-known"]
        assert home.store.calls["c-1"].stage is Stage.CALL_BACK


async def test_who_calls_in_again_and_is_answered_is_not_called_back():
    async with house() as home:
        home.phone("7001", answers_after=1)
        await home.controller()
        await asked(home)
        home.exchange.call("c-2", CITIZEN, keys="1")
        await home.at("c-2", Stage.WAIT)
        home.phone(CARRIER, refuses="busy")  # its turn comes first, while the citizen waits on the other line
        await home.click(CommandKind.LOG_IN, "sato")
        await home.click(CommandKind.READY, "sato")
        await home.at("c-2", Stage.TALK)
        first = await home.at("c-1", Stage.ENDED)
        assert first.outcome is Outcome.CANCELLED
        given_up = next(e.event for e in home.store.stored if e.event.kind is EventKind.CALLBACK_GIVEN_UP)
        assert given_up.data["why"] == "called_again"


async def test_a_supervisor_cancels_a_callback_once():
    async with house() as home:
        await home.controller()
        await asked(home)
        await home.click(CommandKind.CANCEL_CALLBACK, "sato", "c-1", by="kacho")
        call = await home.at("c-1", Stage.ENDED)
        assert call.outcome is Outcome.CANCELLED
        await home.click(CommandKind.CANCEL_CALLBACK, "sato", "c-1", by="kacho")
        await home.until(lambda: home.store.stored[-1].event.kind is EventKind.COMMAND_REFUSED, "refused")
        refused = [e.event for e in home.store.stored if e.event.kind is EventKind.COMMAND_REFUSED]
        assert [one.data["reason"] for one in refused] == ["call_is_over"]


async def test_an_operator_who_hangs_up_while_the_citizen_is_rung_stops_the_ringing():
    async with house() as home:
        home.phone("7001", answers_after=1)
        home.phone(CARRIER)
        await home.controller()
        await asked(home)
        await home.click(CommandKind.LOG_IN, "sato")
        await home.click(CommandKind.READY, "sato")
        await home.until(lambda: CARRIER in rung(home), "the citizen is rung")
        home.exchange.hang_up(home.exchange.rung[0][0])
        await home.until(lambda: "callback_not_reached" in home.store.kinds("c-1"), "not reached")
        await asyncio.sleep(0.1)
        assert not any(channel.alive for channel in home.exchange.channels.values())
        assert home.operator("sato") is OperatorState.READY


async def test_the_overflow_rule_offers_a_callback_and_who_does_not_want_one_hears_the_guidance():
    async with house() as home:
        document = home.store.centre.model_dump(mode="json")
        document["queues"][0] |= {"overflow": [{"when": "waited", "after": 30, "to": {"callback": True}}]}
        home.store.centre = Centre.model_validate(document)
        await home.controller()
        for id, key, number in (("c-1", "1", CITIZEN), ("c-2", "9", "0311112222")):
            home.exchange.call(id, number, keys="1")
            await home.at(id, Stage.WAIT)
            await asyncio.sleep(31)
            home.exchange.press(id, key)
        await hung_up(home, "c-1")
        over = await home.at("c-2", Stage.ENDED)
        assert over.outcome is Outcome.CONGESTED
        await asyncio.sleep(120)
        assert home.store.calls["c-1"].stage is Stage.CALL_BACK
