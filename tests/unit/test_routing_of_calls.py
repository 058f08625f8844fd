"""Calls that are routed by what the centre's document says, in virtual time."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from agent_console.japan_day import day_of, midnight
from crm.figures.count import Logged, count
from kernel.call import Outcome, Stage
from kernel.centre import Centre
from kernel.commands import CommandKind
from kernel.events import Event, EventKind
from kernel.operator import OperatorState
from tests.support.house import House, house

pytestmark = pytest.mark.looptime


def with_queue(home: House, **changes: object) -> Centre:
    """The city's centre with a changed queue of enquiries."""
    document = home.store.centre.model_dump(mode="json")
    document["queues"][0] |= changes
    return Centre.model_validate(document)


async def test_an_operator_without_the_skill_is_rung_when_the_queue_asks_for_less():
    async with house() as home:
        need = {"skill": "英語", "level": 3, "relax": [{"after": 30, "level": 0}]}
        home.store.centre = with_queue(home, needs=[need])
        home.ready("sato")
        home.phone("7001", answers_after=1)
        await home.controller()
        home.exchange.call("c-1", keys="1")
        waiting = await home.at("c-1", Stage.WAIT)
        call = await home.at("c-1", Stage.TALK)
        assert waiting.waiting_since is not None
        assert call.answered is not None
        assert 31 <= (call.answered - waiting.waiting_since).total_seconds() < 32
        offered = next(e.event for e in home.store.stored if e.event.kind is EventKind.CALL_OFFERED)
        assert offered.data["why"] == "skills_relaxed"
        assert (
            offered.data["because"] == "佐藤さん：最も長く待機しているため（30秒待ったので、必要なスキルはなしに緩和）"
        )


async def test_a_change_of_the_document_serves_those_who_already_wait():
    async with house() as home:
        home.store.centre = with_queue(home, needs=[{"skill": "英語", "level": 3}])
        home.ready("sato")
        home.phone("7001", answers_after=1)
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.WAIT)
        home.store.centre = with_queue(home, needs=[])
        home.store.write(Event(EventKind.CENTRE_CHANGED, home.now()))
        await home.tell(home.store.stored[-1])
        await home.at("c-1", Stage.TALK)


async def test_callers_hear_the_guidance_when_the_last_operator_has_left():
    async with house() as home:
        rule = {"when": "no_operator", "after": 20, "to": {"announcement": "congested"}}
        home.store.centre = with_queue(home, overflow=[rule])
        home.ready("sato")
        home.phone("7001", answers_after=1)
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.TALK)
        home.exchange.call("c-2", keys="1")
        await home.at("c-2", Stage.WAIT)
        await asyncio.sleep(60)
        assert home.store.calls["c-2"].stage is Stage.WAIT
        await home.click(CommandKind.LOG_OUT, "sato")
        left = home.now()
        call = await home.at("c-2", Stage.ENDED)
        assert call.outcome is Outcome.CONGESTED
        assert call.ended is not None
        assert timedelta(seconds=20) <= call.ended - left < timedelta(seconds=30)
        assert home.exchange.channels["c-2"].heard[-1] == home.store.centre.announcements["congested"]
        assert "call_overflowed" in home.store.kinds("c-2")


async def test_a_call_that_waited_too_long_goes_to_another_queue_with_the_time_it_has_waited():
    async with house() as home:
        home.store.centre = with_queue(home, overflow=[{"when": "waited", "after": 40, "to": {"queue": "exchange"}}])
        await home.controller()
        home.exchange.call("c-1", keys="1")
        first = await home.at("c-1", Stage.WAIT)
        await home.until(lambda: home.store.calls["c-1"].queue == "exchange", "overflow")
        assert home.store.calls["c-1"].waiting_since == first.waiting_since
        assert 40 <= (home.now() - (first.waiting_since or home.now())).total_seconds() < 41


async def test_a_call_for_a_full_queue_goes_where_that_queue_says():
    async with house() as home:
        home.store.centre = with_queue(home, limit=1, overflow=[{"when": "full", "to": {"queue": "exchange"}}])
        await home.controller()
        for id in ("c-1", "c-2"):
            home.exchange.call(id, keys="1")
            await home.at(id, Stage.WAIT)
        assert [home.store.calls[id].queue for id in ("c-1", "c-2")] == ["enquiries", "exchange"]


async def test_a_call_that_overflows_in_the_moment_an_operator_becomes_ready_is_not_lost():
    async with house() as home:
        home.store.centre = with_queue(home, overflow=[{"when": "waited", "after": 40, "to": {"queue": "exchange"}}])
        home.phone("7001", answers_after=1)
        await home.controller()
        home.exchange.call("c-1", keys="1")
        first = await home.at("c-1", Stage.WAIT)
        await home.click(CommandKind.LOG_IN, "sato")
        since = first.waiting_since or home.now()
        await asyncio.sleep((since + timedelta(seconds=40) - home.now()).total_seconds())
        await home.click(CommandKind.READY, "sato")
        await home.at("c-1", Stage.TALK)
        assert home.operator("sato") is OperatorState.TALKING


async def test_callers_are_told_the_expected_wait_when_it_is_known_and_it_never_rises():
    async with house() as home:
        home.store.centre = with_queue(home, wrap_up_seconds=1, announce_every_seconds=20)
        home.ready("sato")
        home.phone("7001", answers_after=1)
        await home.controller()
        for number in range(14):
            home.exchange.call(f"c-{number}", keys="1")
            await home.at(f"c-{number}", Stage.MENU)
        for number in range(13):
            await home.at(f"c-{number}", Stage.TALK)
            await asyncio.sleep(60)
            home.exchange.hang_up(f"c-{number}")
        told = [text for text in home.exchange.channels["c-13"].heard if "分以内" in text]
        minutes = [int("".join(filter(str.isdigit, text))) for text in told]
        assert minutes
        assert minutes == sorted(minutes, reverse=True)
        assert minutes[0] in {4, 5, 6, 7}
        stored = [e.event for e in home.store.stored if e.event.kind is EventKind.WAIT_TOLD and e.event.call == "c-13"]
        assert [event.data["minutes"] for event in stored] == minutes
        assert stored[0].queue == "enquiries"
        assert stored[0].data["position"] in {4, 5}
        call = await home.at("c-13", Stage.TALK)
        assert call.answered is not None
        assert call.answered - stored[0].at <= timedelta(minutes=minutes[0])


async def test_a_citizen_who_calls_again_waits_for_the_operator_of_the_last_talk():
    async with house() as home:
        home.store.centre = with_queue(home, last_operator_seconds=30, wrap_up_seconds=5)
        home.ready("sato", "suzuki")
        for extension in ("7001", "7002"):
            home.phone(extension, answers_after=1)
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.TALK)
        home.exchange.call("c-2", keys="1")
        home.exchange.hang_up("c-1")
        call = await home.at("c-2", Stage.TALK)
        assert call.operator == "sato"
        offered = [e.event for e in home.store.stored if e.event.kind is EventKind.CALL_OFFERED]
        assert offered[-1].data["why"] == "last_operator"


async def test_the_next_controller_knows_too_who_spoke_with_a_citizen_last():
    async with house() as home:
        home.store.centre = with_queue(home, last_operator_seconds=30, wrap_up_seconds=5)
        home.ready("sato")
        for extension in ("7001", "7002"):
            home.phone(extension, answers_after=1)
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.TALK)
        home.exchange.hang_up("c-1")
        await home.at("c-1", Stage.ENDED)
        await home.kill()
        home.ready("suzuki", "sato")
        await home.controller()
        home.exchange.call("c-2", keys="1")
        assert (await home.at("c-2", Stage.TALK)).operator == "sato", "suzuki is idle for longer"


async def test_a_caller_with_a_withheld_number_waits_for_nobody_in_particular():
    async with house() as home:
        home.store.centre = with_queue(home, last_operator_seconds=30, wrap_up_seconds=20)
        home.ready("sato", "suzuki")
        for extension in ("7001", "7002"):
            home.phone(extension, answers_after=1)
        await home.controller()
        home.exchange.call("c-1", shows=None, keys="1")
        await home.at("c-1", Stage.TALK)
        home.exchange.call("c-2", shows=None, keys="1")
        home.exchange.hang_up("c-1")
        assert (await home.at("c-2", Stage.TALK)).operator == "suzuki"


@pytest.mark.parametrize(
    ("lead", "by_key", "outcome"),
    [({"announcement": "congested"}, False, Outcome.CONGESTED), ({"announcement": "closed"}, True, Outcome.LEFT_QUEUE)],
)
async def test_who_hangs_up_in_the_guidance_to_which_the_queue_led_has_not_given_up_waiting(lead, by_key, outcome):
    async with house() as home:
        ways = {"keys": {"5": lead}, "keys_prompt": "waiting-keys"}
        if not by_key:
            ways = {"overflow": [{"when": "waited", "after": 40, "to": lead}]}
        home.store.centre = with_queue(home, **ways)
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.WAIT)
        if by_key:
            await asyncio.sleep(5)
            home.exchange.press("c-1", "5")
        left = "queue_left" if by_key else "call_overflowed"
        await home.until(lambda: left in home.store.kinds("c-1"), "the call has left the queue")
        home.exchange.hang_up("c-1")
        over = await home.at("c-1", Stage.ENDED)
        assert over.outcome is outcome
        assert not {"call_abandoned", "call_lost"} & set(home.store.kinds("c-1"))
        since = midnight(day_of(home.now()))
        events = [stored.event for stored in home.store.stored]
        found = count(Logged(since, since + timedelta(days=1), events=events), {}, home.now())
        (figures,) = found.queues.values()
        assert (figures.offered, figures.left, figures.abandoned) == (1, 1, 0)
