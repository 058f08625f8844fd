"""Numbers with a lead of their own, and queues without wrap-up, in virtual time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import ValidationError

from dialplan.recovery import statuses_after
from kernel.call import Call, Outcome, Stage
from kernel.centre import Centre
from kernel.commands import CommandKind
from kernel.events import EventKind
from kernel.operator import OperatorState, OperatorStatus
from tests.support.facts import NOON, arrived
from tests.support.house import House, house
from tests.unit.test_asterisk_conf import read, render

pytestmark = pytest.mark.looptime

NUMBER = "0466251111"


def centre_of(home: House, queue: dict[str, object], **changes: object) -> Centre:
    document = home.store.centre.model_dump(mode="json")
    document["queues"][0] |= queue
    return Centre.model_validate(document | changes)


async def test_a_caller_of_a_number_that_leads_into_a_queue_meets_no_menu():
    async with house() as home:
        home.store.centre = centre_of(home, {}, number_leads={NUMBER: {"queue": "exchange"}})
        await home.controller()
        home.exchange.call("c-1")
        waiting = await home.at("c-1", Stage.WAIT)
        assert (waiting.queue, waiting.menu, waiting.keys) == ("exchange", None, ())
        assert home.store.kinds("c-1") == ["call_arrived", "call_queued"]


async def test_a_number_may_lead_to_an_announcement_and_the_end():
    async with house() as home:
        home.store.centre = centre_of(home, {}, number_leads={NUMBER: {"announcement": "congested"}})
        await home.controller()
        home.exchange.call("c-1")
        assert (await home.at("c-1", Stage.ENDED)).outcome is Outcome.LEFT_MENU


async def test_what_a_number_leads_to_must_exist_and_so_must_the_number():
    async with house() as home:
        leads = {NUMBER: {"queue": "sales"}, "0120000000": {"menu": "main"}}
        with pytest.raises(ValidationError) as refused:
            centre_of(home, {}, number_leads=leads)
        assert {error["loc"] for error in refused.value.errors()} == {
            ("number_leads", NUMBER, "queue"),
            ("number_leads", "0120000000"),
        }


def test_every_number_of_the_centre_is_let_in_also_as_the_network_writes_it(tmp_path: Path):
    dialplan = read(render(tmp_path, numbers=(NUMBER, "0466501234")), "extensions.conf")
    assert [line.split(",")[0] for line in dialplan.splitlines() if line.startswith("exten = 0466")] == [
        "exten = 0466251111",
        "exten = 0466501234",
    ]
    assert "exten = +81466501234,1,Goto(0466501234,1)" in dialplan


async def test_without_wrap_up_the_next_call_rings_before_the_last_one_is_tidied_up():
    async with house() as home:
        home.store.centre = centre_of(home, {"wrap_up_seconds": 0})
        home.ready("sato")
        home.phone("7001", answers_after=1)
        await home.controller()
        home.exchange.call("c-1", keys="1")
        talk = await home.at("c-1", Stage.TALK)
        home.exchange.call("c-2", keys="1")
        await home.at("c-2", Stage.WAIT)
        home.exchange.hang_up(talk.operator_leg or "")
        await home.at("c-2", Stage.TALK)
        await home.at("c-1", Stage.ENDED)
        facts = [(one.event.kind, one.event.call, one.event.data.get("state")) for one in home.store.stored]
        rings = facts.index((EventKind.OPERATOR_CHANGED, "c-2", "ringing"))
        assert rings < facts.index((EventKind.RECORDING_STOPPED, "c-1", None))
        assert ("wrap_up" in {state for _, _, state in facts}) is False
        assert home.operator("sato") is OperatorState.TALKING


async def test_a_pause_that_is_wished_in_a_talk_without_wrap_up_wins_over_the_next_call():
    async with house() as home:
        home.store.centre = centre_of(home, {"wrap_up_seconds": 0})
        home.ready("sato")
        home.phone("7001", answers_after=1)
        await home.controller()
        home.exchange.call("c-1", keys="1")
        talk = await home.at("c-1", Stage.TALK)
        home.exchange.call("c-2", keys="1")
        await home.at("c-2", Stage.WAIT)
        await home.click(CommandKind.PAUSE, "sato", reason="休憩")
        home.exchange.hang_up(talk.operator_leg or "")
        await home.at("c-1", Stage.ENDED)
        assert home.operator("sato") is OperatorState.PAUSED
        assert home.store.calls["c-2"].stage is Stage.WAIT


def test_an_operator_whose_talk_is_over_is_taken_for_talking_with_the_next_caller_alone():
    over = _talking("c-1", "sato").operator_is_off(NOON, None)
    rung = arrived("c-2").waits_in("enquiries", NOON).offered_to("sato", "c-2~operator~sato~1", NOON)
    ringing = OperatorStatus("sato", OperatorState.RINGING, NOON, call="c-2")
    for calls in ({"c-1": over, "c-2": rung}, {"c-2": rung, "c-1": over}):
        assert statuses_after([ringing], calls, NOON) == (ringing,)


def _talking(id: str, operator: str) -> Call:
    waiting = replace(arrived(id), queue="enquiries", waiting_since=NOON)
    return waiting.offered_to(operator, f"{id}~operator~{operator}~1", NOON).talks_with(operator, "leg", NOON)
