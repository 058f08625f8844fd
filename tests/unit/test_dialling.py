"""Operators who call citizens, in virtual time (T10): who is rung, under which number, and what is left in the end."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from dialplan.names import citizen_leg
from ivr.seed_file import load
from kernel.call import Call, Outcome, Stage
from kernel.centre import Centre
from kernel.commands import CommandKind, dialling
from kernel.events import Event
from kernel.operator import OperatorState
from kernel.outgoing import Outgoing, Purpose
from kernel.phone_number import PhoneNumber
from tests.support.house import SEED, House, house

pytestmark = pytest.mark.looptime

CITIZEN = "09012345678"
CARRIER = f"{CITIZEN}@carrier"
MAIN = "0466251111"


def centre(**outgoing: object) -> Centre:
    seed = load(SEED)
    return seed.model_copy(update={"outgoing": Outgoing.model_validate(outgoing)})


async def paused(home: House) -> None:
    """Sato is at the desk and takes no calls."""
    await home.controller()
    await home.click(CommandKind.LOG_IN, "sato")
    await home.click(CommandKind.PAUSE, "sato", reason="事務処理")
    await home.until(lambda: any(one.reason for one in home.store.by_operator.values()), "sato is paused")


async def dials(home: House, number: str = CITIZEN, purpose: str = "contact") -> str:
    """The id of the call that Sato asks for."""

    def seal(command: str) -> str:
        return home.store.seal_number(PhoneNumber(number), command)

    wish = dialling("sato", home.now(), purpose, seal, case=7, call="c-old")
    await home.bus.publish_command(wish)
    return f"out-{wish.id}"


def refusals(home: House) -> Sequence[Event]:
    return [one.event for one in home.store.stored if one.event.kind.value == "command_refused"]


async def refused(home: House) -> str:
    await home.until(lambda: bool(refusals(home)), "the click is refused")
    return str(refusals(home)[-1].data["reason"])


def nothing_is_left(home: House) -> bool:
    return not any(channel.alive for channel in home.exchange.channels.values())


async def test_operator_and_citizen_talk_under_the_number_of_the_purpose_and_a_pause_goes_on_afterwards():
    purposes = (Purpose(id="survey", label="調査", shows=MAIN, queue="enquiries"),)
    async with house(centre(purposes=purposes)) as home:
        home.phone("7001", answers_after=1)
        home.phone(CARRIER, answers_after=5)
        await paused(home)
        id = await dials(home, purpose="survey")
        call = await home.at(id, Stage.TALK)
        leg = citizen_leg(id, 1)
        assert home.exchange.rung == [(call.operator_leg, "7001", CITIZEN), (leg, CARRIER, MAIN)]
        assert home.exchange.members[f"{id}~talk"] == {leg, call.operator_leg}
        assert (call.number, call.caller, call.queue) == (PhoneNumber(CITIZEN), PhoneNumber(CITIZEN), "enquiries")
        assert home.operator("sato") is OperatorState.TALKING
        await home.until(lambda: bool(home.exchange.live_recordings), "the talk is recorded")
        home.exchange.hang_up(leg)
        call = await home.at(id, Stage.WRAP_UP)
        await home.click(CommandKind.FINISH_WRAP_UP, "sato", id)
        await home.at(id, Stage.ENDED)
        status = home.store.by_operator["sato"]
        assert (status.state, status.reason) == (OperatorState.PAUSED, "事務処理")
        steps = [kind for kind in home.store.kinds(id) if kind != "operator_changed"]
        assert steps[:3] == ["call_dialled", "citizen_rings", "call_answered"]
        begun = next(one.event for one in home.store.stored if one.event.kind.value == "call_dialled")
        assert begun.data == {"purpose": "survey", "case": 7, "follows": "c-old"}
        assert CITIZEN not in str(home.store.stored), "events carry no number"
        assert home.store.calls[id].outcome is Outcome.ANSWERED
        assert nothing_is_left(home)


@pytest.mark.parametrize("why", ["busy", "no_answer", "declined", "unreachable"])
async def test_a_citizen_who_is_not_reached_leaves_no_leg_and_the_operator_as_before(why):
    async with house() as home:
        home.phone("7001", answers_after=1)
        if why != "no_answer":
            home.phone(CARRIER, refuses=why)
        await paused(home)
        id = await dials(home)
        call = await home.at(id, Stage.ENDED)
        assert call.outcome is Outcome.NOT_CONNECTED
        told = next(one.event for one in home.store.stored if one.event.kind.value == "not_connected")
        assert told.data["reason"] == why
        assert home.operator("sato") is OperatorState.PAUSED
        assert nothing_is_left(home)


async def test_an_operator_who_does_not_take_the_own_phone_rings_nobody():
    async with house() as home:
        await paused(home)
        id = await dials(home)
        await home.until(lambda: bool(home.exchange.rung), "the operator's phone rings")
        home.exchange.hang_up(home.exchange.rung[0][0])
        call = await home.at(id, Stage.ENDED)
        assert call.outcome is Outcome.NOT_CONNECTED
        assert CARRIER not in [endpoint for _, endpoint, _ in home.exchange.rung]


@pytest.mark.parametrize("by", ["phone", "click"])
async def test_who_hangs_up_while_the_citizen_is_rung_ends_the_ringing(by):
    async with house() as home:
        home.phone("7001", answers_after=1)
        await paused(home)
        id = await dials(home)
        await home.until(lambda: citizen_leg(id, 1) in home.exchange.channels, "the citizen is rung")
        leg = home.store.calls[id].offer
        assert leg is not None
        assert home.exchange.ringing_tones == {leg.leg}, "no silence while it rings"
        if by == "phone":
            home.exchange.hang_up(leg.leg)
        else:
            await home.click(CommandKind.HANG_UP, "sato", id)
        call = await home.at(id, Stage.ENDED)
        assert call.outcome is Outcome.NOT_CONNECTED
        assert nothing_is_left(home)
        assert home.operator("sato") is OperatorState.PAUSED


async def test_nobody_else_ends_the_call_and_it_can_not_be_held_while_it_rings():
    async with house() as home:
        home.phone("7001", answers_after=1)
        home.phone(CARRIER, answers_after=20)
        await paused(home)
        id = await dials(home)
        await home.until(lambda: citizen_leg(id, 1) in home.exchange.channels, "the citizen is rung")
        await home.click(CommandKind.HOLD, "sato", id)
        assert await refused(home) == "wrong_state"
        await home.click(CommandKind.HANG_UP, "suzuki", id)
        await home.until(lambda: len(refusals(home)) == 2, "the other is refused")
        await home.at(id, Stage.TALK)


@pytest.mark.parametrize(
    "number", ["110", "119", "0990123456", "0570012345", "+12025550123", "0120123456", "5551234", "+81466250000x"]
)
async def test_a_number_that_must_not_be_rung_is_refused_by_the_controller_too(number):
    async with house() as home:
        await paused(home)
        await dials(home, number)
        assert await refused(home) == "number_not_allowed"
        assert home.exchange.rung == []


async def test_a_foreign_number_is_rung_where_its_country_is_allowed_and_a_number_is_withheld_where_the_purpose_says():
    purposes = (Purpose(id="quiet", label="非通知", withheld=True), Purpose(id="contact", label="連絡"))
    async with house(centre(abroad=("+1",), purposes=purposes)) as home:
        home.phone("7001", answers_after=1)
        await paused(home)
        id = await dials(home, "+12025550123")
        await home.at(id, Stage.ENDED)
        assert home.exchange.rung[-1][1:] == ("01012025550123@carrier", MAIN)
        id = await dials(home, purpose="quiet")
        await home.at(id, Stage.ENDED)
        assert home.exchange.rung[-1][1] == f"184{CARRIER}"


@pytest.mark.parametrize(
    ("state", "why"), [("logged_out", "wrong_state"), ("talking", "wrong_state"), ("no phone", "phone_unreachable")]
)
async def test_who_has_a_call_at_hand_or_no_phone_can_not_call(state, why):
    async with house() as home:
        home.phone("7001", answers_after=1)
        await home.controller()
        if state != "logged_out":
            await home.click(CommandKind.LOG_IN, "sato")
        if state == "talking":
            await home.click(CommandKind.READY, "sato")
            home.exchange.call("c-1", keys="1")
            await home.at("c-1", Stage.TALK)
        if state == "no phone":
            home.exchange.register("7001", here=False)
            await home.until(home.exchange.phone_news.empty, "the phone is known to be gone")
        await dials(home)
        assert await refused(home) == why


async def test_a_purpose_that_is_no_more_and_a_number_of_another_command_are_refused():
    async with house() as home:
        await paused(home)
        await dials(home, purpose="gone")
        assert await refused(home) == "unknown_purpose"
        wish = dialling("sato", home.now(), "contact", lambda _: home.store.seal_number(PhoneNumber(CITIZEN), "other"))
        await home.bus.publish_command(wish)
        await home.until(lambda: len(refusals(home)) == 2, "refused")
        assert home.exchange.rung == []


async def killed_at(home: House, moment: str) -> Call:
    id = await dials(home)
    if moment == "operator rings":
        await home.until(lambda: bool(home.exchange.rung), "the operator's phone rings")
    elif moment == "citizen rings":
        await home.until(lambda: citizen_leg(id, 1) in home.exchange.channels, "the citizen is rung")
    else:
        await home.at(id, Stage.TALK)
    await home.kill()
    return home.store.calls[id]


@pytest.mark.parametrize("moment", ["operator rings", "citizen rings", "they talk"])
async def test_the_next_controller_goes_on_where_the_last_one_died_and_rings_nobody_twice(moment):
    async with house() as home:
        home.phone("7001", answers_after=2)
        home.phone(CARRIER, answers_after=3)
        await paused(home)
        call = await killed_at(home, moment)
        await home.controller()
        await home.at(call.id, Stage.TALK)
        assert [endpoint for _, endpoint, _ in home.exchange.rung] == ["7001", CARRIER]
        assert home.operator("sato") is OperatorState.TALKING


@pytest.mark.parametrize("gone", ["operator", "citizen"])
async def test_who_hung_up_while_nobody_drove_ends_the_call_and_frees_the_operator(gone):
    async with house() as home:
        home.phone("7001", answers_after=1)
        home.phone(CARRIER, answers_after=30)
        await paused(home)
        call = await killed_at(home, "citizen rings")
        assert call.offer is not None
        home.exchange.hang_up(call.offer.leg if gone == "operator" else citizen_leg(call.id, 1))
        await home.controller()
        call = await home.at(call.id, Stage.ENDED)
        assert call.outcome is Outcome.NOT_CONNECTED
        assert home.operator("sato") is OperatorState.PAUSED
        assert nothing_is_left(home)
