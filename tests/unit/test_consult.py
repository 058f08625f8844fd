"""相談転送 in virtual time: the whole way, who hears what at each step, and what is stored of it."""

from __future__ import annotations

import asyncio

import pytest

from kernel.call import Outcome, Stage
from kernel.commands import CommandKind
from kernel.events import EventKind
from kernel.operator import OperatorState
from kernel.transfer import Step
from tests.support.house import House, house
from tests.support.transferring import (
    CALL,
    CITY_PHONE,
    EXTENSION,
    HOLD_LIMIT_SECONDS,
    at,
    city,
    consulting,
    hears,
    nothing_is_left,
    operator_leg,
    press,
    recorded,
    talking,
)

pytestmark = pytest.mark.looptime


def data(home: House, kind: EventKind) -> list[dict]:
    return [dict(one.event.data) for one in home.store.stored if one.event.kind is kind]


async def back(home: House) -> None:
    await home.until(lambda: hears(home)[:2] == ("operator", "caller"), "the caller is back with the operator")
    await home.at(CALL, Stage.TALK)
    await home.until(lambda: recorded(home), "the talk is recorded on")


async def test_the_whole_way_with_swap_and_three_and_the_talk_counts_to_whom_it_belongs():
    async with house() as home:
        await talking(home)
        await consulting(home, answers_after=3)
        assert hears(home) == ("music", "department", "operator")
        assert not recorded(home)
        assert home.operator("sato") is OperatorState.ON_HOLD
        await press(home, CommandKind.SWAP)
        await at(home, Step.SWAPPED)
        await home.until(lambda: recorded(home), "recorded while the department is away")
        assert home.operator("sato") is OperatorState.TALKING
        await press(home, CommandKind.THREE)
        await at(home, Step.THREE)
        assert not recorded(home)
        await press(home, CommandKind.SWAP)
        await at(home, Step.TALKING)
        await press(home, CommandKind.COMPLETE)
        call = await home.at(CALL, Stage.HAND_OVER)
        completed = home.now()
        await home.until(lambda: hears(home) == ("department", "", "caller"), "caller and department talk")
        assert not home.exchange.live_recordings
        assert home.operator("sato") is OperatorState.WRAP_UP
        assert call.talk_ended is not None
        assert abs((call.talk_ended - completed).total_seconds()) < 1
        await asyncio.sleep(20)
        home.exchange.hang_up(city(home))
        over = await home.at(CALL, Stage.WRAP_UP)
        assert (over.outcome, over.talk_ended) == (Outcome.HANDED_OVER, call.talk_ended)
        await press(home, CommandKind.FINISH_WRAP_UP)
        await home.at(CALL, Stage.ENDED)
        nothing_is_left(home)
        kinds = home.store.kinds(CALL)
        order = [kind for kind in kinds if kind.startswith(("consult", "hand_over", "recording_stopped", "talk_ended"))]
        assert order == [
            "consult_started",
            "consult_answered",
            "consult_swapped",
            "consult_joined",
            "consult_swapped",
            "recording_stopped",
            "hand_over_started",
            "hand_over_answered",
            "talk_ended",
        ]
        assert kinds.count("call_queued") == 1, "no phantom call in the queue"


@pytest.mark.parametrize("reason", ["busy", "declined", "unreachable"])
async def test_a_department_that_refuses_brings_the_caller_back_and_the_operator_knows_why(reason: str):
    async with house() as home:
        await talking(home)
        home.phone(CITY_PHONE, refuses=reason)
        await press(home, CommandKind.CONSULT, EXTENSION)
        await home.until(lambda: bool(data(home, EventKind.CONSULT_ENDED)), "the consultation ends")
        await back(home)
        assert data(home, EventKind.CONSULT_ENDED) == [{"extension": EXTENSION, "why": reason}]
        assert home.operator("sato") is OperatorState.TALKING


async def test_a_department_that_does_not_answer_in_the_set_time_brings_the_caller_back():
    async with house() as home:
        outgoing = home.store.centre.outgoing.model_copy(update={"hand_over_seconds": 12})
        home.store.centre = home.store.centre.model_copy(update={"outgoing": outgoing})
        await talking(home)
        began = home.now()
        await consulting(home)
        assert hears(home)[:2] == ("music", "nothing")
        await back(home)
        assert 11 < (home.now() - began).total_seconds() < 14
        assert data(home, EventKind.CONSULT_ENDED)[0]["why"] == "no_answer"


async def test_a_caller_on_hold_in_a_consultation_is_never_forgotten():
    """Hard case 21: after the queue's time the caller is back with the operator, and the department hears music."""
    async with house() as home:
        await talking(home)
        began = home.now()
        await consulting(home, answers_after=1)
        await at(home, Step.SWAPPED)
        assert hears(home) == ("operator", "caller", "music")
        assert HOLD_LIMIT_SECONDS - 1 < (home.now() - began).total_seconds() < HOLD_LIMIT_SECONDS + 3
        assert data(home, EventKind.CONSULT_SWAPPED) == [{"to": "caller", "why": "limit"}]


async def test_a_department_that_hangs_up_in_any_step_brings_the_caller_back_at_once():
    for clicks, step in (
        ((), Step.TALKING),
        ((CommandKind.SWAP,), Step.SWAPPED),
        ((CommandKind.THREE,), Step.THREE),
    ):
        async with house() as home:
            await talking(home)
            await consulting(home, answers_after=1)
            for click in clicks:
                await press(home, click)
            await at(home, step)
            home.exchange.hang_up(city(home))
            await back(home)
            assert data(home, EventKind.CONSULT_ENDED)[0]["why"] == "hung_up"


async def test_a_page_that_goes_in_a_consultation_comes_back_to_the_caller():
    """Hard case 28: nobody hung up, so nobody is put through."""
    async with house() as home:
        await talking(home, phone="browser")
        await consulting(home, answers_after=1)
        home.exchange.register("7001", here=False)
        home.exchange.fall_silent(operator_leg(home))
        await home.until(lambda: home.store.calls[CALL].lost is not None, "the page is missed")
        assert home.exchange.channels[CALL].music
        assert not home.exchange.channels[city(home)].alive
        home.exchange.register("7001", here=True)
        await home.until(lambda: home.store.calls[CALL].lost is None, "the page is back")
        again = home.store.calls[CALL].operator_leg
        await home.until(lambda: home.exchange.members.get(f"{CALL}~talk") == {CALL, again}, "both talk")


@pytest.mark.parametrize(
    ("kind", "why"), [(CommandKind.HOLD, "in_consultation"), (CommandKind.HANG_UP, "in_consultation")]
)
async def test_what_does_not_fit_a_consultation_is_refused_in_words_and_changes_nothing(kind: CommandKind, why: str):
    async with house() as home:
        await talking(home)
        await consulting(home, answers_after=1)
        await press(home, kind)
        await home.until(lambda: bool(data(home, EventKind.COMMAND_REFUSED)), "a refusal")
        assert data(home, EventKind.COMMAND_REFUSED)[0]["reason"] == why
        assert hears(home) == ("music", "department", "operator")


async def test_a_click_of_a_consultation_that_is_over_does_nothing_to_the_talk():
    """Hard case 30."""
    async with house() as home:
        await talking(home)
        await consulting(home, answers_after=1)
        for kind in (CommandKind.CANCEL_CONSULT, CommandKind.COMPLETE, CommandKind.SWAP):
            await press(home, kind)
        await back(home)
        await asyncio.sleep(3)
        assert hears(home) == ("operator", "caller", "")
        await press(home, CommandKind.SWAP)
        await home.until(lambda: bool(data(home, EventKind.COMMAND_REFUSED)), "a refusal")
        assert data(home, EventKind.COMMAND_REFUSED)[-1]["reason"] == "no_consultation"


async def test_the_same_department_can_be_asked_again_after_it_was_busy():
    async with house() as home:
        await talking(home)
        home.phone(CITY_PHONE, refuses="busy")
        await press(home, CommandKind.CONSULT, EXTENSION)
        await home.until(lambda: bool(data(home, EventKind.CONSULT_ENDED)), "busy")
        await back(home)
        await consulting(home, answers_after=1)
        assert hears(home) == ("music", "department", "operator")


async def test_whatever_breaks_between_the_parties_brings_the_caller_back():
    async with house() as home:
        await talking(home)
        home.exchange.breaks["ring"] = RuntimeError("no trunk")
        await press(home, CommandKind.CONSULT, EXTENSION)
        await home.until(lambda: bool(data(home, EventKind.CONSULT_ENDED)), "the consultation ends")
        await back(home)
        assert data(home, EventKind.CONSULT_ENDED)[0]["why"] == "failed"
