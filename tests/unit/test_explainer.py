"""The reasons of waiting as the log of events tells them, in virtual time."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest
from structlog.testing import capture_logs

from kernel.call import Stage
from kernel.commands import CommandKind
from kernel.events import Event, EventKind
from tests.support.house import House, house
from tests.unit.test_routing_of_calls import with_queue

pytestmark = pytest.mark.looptime


def told(home: House, kind: EventKind, about: str) -> list[Event]:
    events = [stored.event for stored in home.store.stored if stored.event.kind is kind]
    return [event for event in events if about in (event.call, event.operator)]


async def test_a_call_that_waits_says_why_and_says_it_again_only_when_that_has_changed():
    async with house() as home:
        await home.controller()
        await home.click(CommandKind.LOG_IN, "sato")
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.WAIT)
        await asyncio.sleep(9)
        (first,) = told(home, EventKind.WAIT_EXPLAINED, "c-1")
        assert first.queue == "enquiries"
        assert (first.data["codes"], first.data["position"], first.data["beyond"]) == ("nobody_at_work", 1, False)
        assert "離席1名" in str(first.data["because"])
        await asyncio.sleep(60)
        beyond = told(home, EventKind.WAIT_EXPLAINED, "c-1")[1:]
        assert [event.data["beyond"] for event in beyond] == [True]


async def test_a_call_that_waits_beyond_the_target_is_one_line_in_the_log_that_says_why():
    async with house() as home:
        await home.controller()
        home.exchange.call("c-1", shows="0466998877", keys="1")
        with capture_logs() as logs:
            await home.at("c-1", Stage.WAIT)
            await asyncio.sleep(60)
        (line,) = [line for line in logs if line["event"] == "waits beyond the target"]
        assert (line["call"], line["queue"], line["codes"]) == ("c-1", "enquiries", "nobody_at_work")
        assert 10 < line["waited_seconds"] <= 13
        assert "0466998877" not in str(logs)


async def test_the_place_is_told_as_it_changes_but_not_more_often_than_every_five_seconds():
    async with house() as home:
        await home.controller()
        for number in range(4):
            home.exchange.call(f"c-{number}", keys="1")
            await home.at(f"c-{number}", Stage.WAIT)
        await asyncio.sleep(20)
        for number in range(3):
            home.exchange.hang_up(f"c-{number}")
            await asyncio.sleep(1)
        await asyncio.sleep(20)
        events = told(home, EventKind.WAIT_EXPLAINED, "c-3")
        assert (events[0].data["position"], events[-1].data["position"]) == (4, 1)
        times = [event.at for event in events if event.data["beyond"] is events[-1].data["beyond"]]
        assert all(b - a >= timedelta(seconds=5) for a, b in pairwise(times))


async def test_a_call_that_is_taken_at_once_is_not_explained():
    async with house() as home:
        home.ready("sato")
        home.phone("7001", answers_after=1)
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.TALK)
        await asyncio.sleep(30)
        assert told(home, EventKind.WAIT_EXPLAINED, "c-1") == []


async def test_an_operator_who_is_ready_and_gets_no_call_is_told_of_with_the_reason():
    async with house() as home:
        need = {"skill": "英語", "level": 3, "relax": [{"after": 60, "level": 0}]}
        home.store.centre = with_queue(home, needs=[need])
        home.ready("sato")
        home.phone("7001", answers_after=1)
        await home.controller()
        await asyncio.sleep(10)
        assert [event.data["code"] for event in told(home, EventKind.OPERATOR_EXPLAINED, "sato")] == ["no_calls"]
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.WAIT)
        await asyncio.sleep(10)
        last = told(home, EventKind.OPERATOR_EXPLAINED, "sato")[-1]
        assert last.data["code"] == "skill_later"
        assert "英語 3以上" in str(last.data["because"])
        assert told(home, EventKind.WAIT_EXPLAINED, "c-1")[-1].data["codes"] == "skill_missing"
        call = await home.at("c-1", Stage.TALK)
        assert call.operator == "sato"


async def test_a_new_connection_explains_anew():
    async with house() as home:
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.WAIT)
        await asyncio.sleep(30)
        before = len(told(home, EventKind.WAIT_EXPLAINED, "c-1"))
        await home.kill()
        await home.controller()
        await asyncio.sleep(10)
        assert len(told(home, EventKind.WAIT_EXPLAINED, "c-1")) == before + 1
