"""三者通話 with an interpreter (T11), in virtual time: who hears whom at each step, who leaves first, which number."""

from __future__ import annotations

import pytest

from ivr.prompts import PromptFailed
from ivr.seed_file import load
from kernel.call import Call, Outcome, Stage
from kernel.centre import Centre
from kernel.commands import CommandKind
from kernel.events import Event, EventKind
from kernel.interpreting import Interpreter
from kernel.operator import OperatorState
from kernel.transfer import Step
from tests.support import house as houses
from tests.support.fake_ends import FakeCaller
from tests.support.house import SEED, House, house
from tests.support.transferring import CALL, at, city, hears, nothing_is_left, operator_leg, press, recorded, talking

FIRST, SECOND = "0311110001", "0311110002"
SHOWN = "0466251111"
RUNG = "We are calling an interpreter. Please stay on the line."
ASIDE = "The operator is speaking with the interpreter. Please stay on the line."


def with_interpreters(centre: Centre) -> Centre:
    return centre.model_copy(update={"interpreters": (Interpreter(language="en", numbers=(FIRST, SECOND)),)})


async def interpreting(home: House, *, answers: str | None = FIRST) -> Call:
    """Caller and operator talk, and an interpreter is asked for; with ``answers`` that one talks with the operator."""
    if answers:
        home.phone(f"{answers}@carrier", answers_after=2)
    await home.click(CommandKind.CONSULT, "sato", CALL, language="en")
    if answers is None:
        await home.until(lambda: bool(city(home)), "an interpreter is rung")
        return home.store.calls[CALL]
    return await at(home, Step.TALKING)


def told(home: House, kind: EventKind) -> list[Event]:
    return [one.event for one in home.store.stored if one.event.kind is kind]


async def the_three(home: House) -> None:
    await interpreting(home)
    await press(home, CommandKind.THREE)
    await at(home, Step.THREE)


@pytest.fixture
def centre_of_interpreters(monkeypatch):
    monkeypatch.setattr(houses, "load", lambda file: with_interpreters(load(file)))


pytestmark = [pytest.mark.looptime, pytest.mark.usefixtures("centre_of_interpreters")]


async def test_the_operator_talks_with_the_interpreter_first_then_all_three_and_each_can_be_put_aside():
    async with house() as home:
        await talking(home)
        await interpreting(home)
        assert home.exchange.rung[-1][1:] == (f"{FIRST}@carrier", SHOWN)
        assert hears(home) == ("music", "department", "operator")
        assert not recorded(home)
        await press(home, CommandKind.THREE)
        await at(home, Step.THREE)
        assert recorded(home), "what the three say is the caller's own talk"
        assert home.operator("sato") is OperatorState.TALKING
        await press(home, CommandKind.SWAP)
        await at(home, Step.TALKING)
        await press(home, CommandKind.SWAP)
        await at(home, Step.SWAPPED)
        await press(home, CommandKind.THREE)
        await at(home, Step.THREE)
        home.exchange.hang_up(CALL)
        call = await home.at(CALL, Stage.WRAP_UP)
        assert call.outcome is Outcome.ANSWERED
        nothing_is_left(home)
        (began,) = told(home, EventKind.CONSULT_ANSWERED)
        assert began.data == {"language": "en"}


@pytest.mark.parametrize("by", ["interpreter", "click"])
async def test_when_the_interpreter_leaves_first_caller_and_operator_talk_on(by):
    async with house() as home:
        await talking(home)
        await the_three(home)
        if by == "click":
            await press(home, CommandKind.CANCEL_CONSULT)
        else:
            home.exchange.hang_up(city(home))
        await home.at(CALL, Stage.TALK)
        await home.until(lambda: hears(home)[:2] == ("operator", "caller"), "both talk on")
        await home.until(lambda: recorded(home), "recorded on")
        (ended,) = told(home, EventKind.CONSULT_ENDED)
        assert ended.data["language"] == "en"


@pytest.mark.parametrize("step", [Step.RINGING, Step.TALKING, Step.SWAPPED, Step.THREE])
async def test_when_the_operator_leaves_first_nobody_is_left_to_themselves(step):
    async with house() as home:
        await talking(home)
        await interpreting(home, answers=None if step is Step.RINGING else FIRST)
        if step in {Step.SWAPPED, Step.THREE}:
            await press(home, CommandKind.SWAP if step is Step.SWAPPED else CommandKind.THREE)
            await at(home, step)
        home.exchange.hang_up(operator_leg(home))
        call = await home.at(CALL, Stage.WRAP_UP)
        assert call.outcome is Outcome.ANSWERED
        nothing_is_left(home)


async def test_a_caller_is_not_put_through_to_an_interpreter():
    async with house() as home:
        await talking(home)
        await interpreting(home)
        await press(home, CommandKind.COMPLETE)
        await home.until(lambda: bool(told(home, EventKind.COMMAND_REFUSED)), "it is refused")
        assert told(home, EventKind.COMMAND_REFUSED)[-1].data["reason"] == "in_consultation"


@pytest.mark.parametrize("why", ["busy", "no_answer", "declined"])
async def test_where_the_first_does_not_answer_the_next_number_is_rung(why):
    async with house() as home:
        await talking(home)
        if why != "no_answer":
            home.phone(f"{FIRST}@carrier", refuses=why)
        home.phone(f"{SECOND}@carrier", answers_after=2)
        await home.click(CommandKind.CONSULT, "sato", CALL, language="en")
        await at(home, Step.TALKING)
        rung = [endpoint for _, endpoint, _ in home.exchange.rung]
        assert rung[-2:] == [f"{FIRST}@carrier", f"{SECOND}@carrier"]
        assert home.store.calls[CALL].transfer.extension == SECOND


async def test_where_nobody_answers_the_caller_is_back_with_the_operator_and_knows_why():
    async with house() as home:
        await talking(home)
        for number in (FIRST, SECOND):
            home.phone(f"{number}@carrier", refuses="busy")
        await home.click(CommandKind.CONSULT, "sato", CALL, language="en")
        await home.until(lambda: bool(told(home, EventKind.CONSULT_ENDED)), "it is over")
        await home.until(lambda: hears(home)[:2] == ("operator", "caller"), "both talk on")
        (ended,) = told(home, EventKind.CONSULT_ENDED)
        assert ended.data == {"extension": SECOND, "why": "busy", "language": "en"}


async def test_a_language_that_nobody_interprets_is_refused():
    async with house() as home:
        await talking(home)
        await home.click(CommandKind.CONSULT, "sato", CALL, language="zh")
        await home.until(lambda: bool(told(home, EventKind.COMMAND_REFUSED)), "it is refused")
        assert told(home, EventKind.COMMAND_REFUSED)[-1].data["reason"] == "no_interpreter"
        assert home.store.calls[CALL].stage is Stage.TALK


@pytest.mark.parametrize("step", [Step.RINGING, Step.TALKING, Step.THREE])
async def test_the_next_controller_goes_on_where_the_last_one_died_and_rings_nobody_twice(step):
    async with house() as home:
        await talking(home)
        await interpreting(home, answers=None if step is Step.RINGING else FIRST)
        if step is Step.THREE:
            await press(home, CommandKind.THREE)
            await at(home, step)
        rung = len(home.exchange.rung)
        await home.kill()
        await home.controller()
        if step is Step.RINGING:
            home.exchange.channels[city(home)].answered.set()
        await at(home, Step.THREE if step is Step.THREE else Step.TALKING)
        assert len(home.exchange.rung) == rung
        assert home.store.calls[CALL].transfer.language == "en"


async def test_a_page_that_is_lost_lets_the_interpreter_go_and_gives_the_caller_music():
    async with house() as home:
        await talking(home, phone="browser")
        await the_three(home)
        home.exchange.fall_silent(operator_leg(home))
        await home.until(lambda: home.store.calls[CALL].lost is not None, "the page is waited for")
        assert hears(home)[0] == "music"
        assert hears(home)[2] == ""


async def test_the_caller_hears_in_the_own_language_what_goes_on_and_music_between_again_and_again():
    async with house() as home:
        await talking(home)
        caller = home.exchange.channels[CALL]
        await interpreting(home, answers=None)
        await home.until(lambda: caller.heard.count(RUNG) == 1, "it is told that an interpreter is rung")
        assert home.exchange.ringing_tones == {operator_leg(home)}
        home.exchange.channels[city(home)].answered.set()
        await at(home, Step.TALKING)
        await home.until(lambda: caller.heard.count(ASIDE) == 2, "it is told again that they talk")
        assert home.exchange.ringing_tones == set()
        await press(home, CommandKind.THREE)
        await at(home, Step.THREE)
        heard = list(caller.heard)
        await press(home, CommandKind.SWAP)
        await home.until(lambda: len(caller.heard) > len(heard), "put aside again, it is told again")
        assert caller.heard[-1] == ASIDE


async def test_an_announcement_that_fails_does_not_end_the_talk_with_the_interpreter(monkeypatch):
    async def unspoken(self, *texts):
        raise PromptFailed("the disk is full: make room on it")

    async with house() as home:
        await talking(home)
        monkeypatch.setattr(FakeCaller, "play", unspoken)
        await interpreting(home)
        assert hears(home) == ("music", "department", "operator")


async def test_the_operator_hears_ringing_until_the_next_controller_has_brought_the_answer():
    async with house() as home:
        await talking(home)
        await interpreting(home, answers=None)
        await home.until(lambda: operator_leg(home) in home.exchange.ringing_tones, "ringing is heard")
        await home.kill()
        home.exchange.ringing_tones.clear()
        await home.controller()
        await home.until(lambda: operator_leg(home) in home.exchange.ringing_tones, "ringing is heard again")
        home.exchange.hang_up(city(home))
        await home.until(lambda: SECOND in home.exchange.rung[-1][1], "the next is rung")
        assert operator_leg(home) in home.exchange.ringing_tones


def test_two_entries_for_one_language_are_a_mistake_of_the_document():
    seed = load(SEED).model_dump(mode="json")
    seed["interpreters"] = [{"language": "en", "numbers": [FIRST]}, {"language": "en", "numbers": [SECOND]}]
    with pytest.raises(ValueError, match="stands twice"):
        Centre.model_validate(seed)
