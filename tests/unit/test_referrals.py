"""The transfer key of the operator's own phone (REFER): taken as a blind transfer or refused, in virtual time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dialplan.connection import Referral
from dialplan.names import operator_leg
from dialplan.transfer import unreferable
from kernel.call import Call, Stage
from kernel.centre import Hours
from kernel.commands import CommandKind
from kernel.directory import Entry
from kernel.events import EventKind
from kernel.operator import OperatorState
from tests.support.house import House, house

TAX = Entry("t", "税制課", extension="2301")
LEG = operator_leg("c-1", "sato", 1)
NEVER = Hours.model_validate({"week": {}})


async def talking(home: House) -> Call:
    """A caller, c-1, talks with sato; the directory knows the tax section."""
    home.store.directory["2301"] = TAX
    home.ready("sato")
    home.phone("7001", answers_after=1)
    await home.controller()
    home.exchange.call("c-1", keys="1")
    return await home.at("c-1", Stage.TALK)


async def told(home: House) -> tuple[str, bool]:
    """What the phone was told."""
    await home.until(lambda: bool(home.exchange.told_referrals), "the phone's answer")
    return home.exchange.told_referrals.pop()


def refusals(home: House) -> list[object]:
    kinds = (stored.event for stored in home.store.stored if stored.event.kind is EventKind.COMMAND_REFUSED)
    return [event.data["reason"] for event in kinds]


@pytest.mark.looptime
@pytest.mark.parametrize("held", [False, True])
async def test_a_phone_hands_the_caller_over_as_the_console_does(held: bool):
    async with house() as home:
        await talking(home)
        home.phone("2301@city-pbx", answers_after=5)
        if held:
            await home.click(CommandKind.HOLD, "sato", "c-1")
            await home.until(lambda: home.exchange.channels["c-1"].music, "the music")
        home.exchange.referred.put_nowait(Referral(LEG, "2301"))
        assert await told(home) == (LEG, True)
        call = await home.at("c-1", Stage.HAND_OVER)
        assert call.extension == "2301"
        await home.until(lambda: "hand_over_answered" in home.store.kinds("c-1"), "the department's answer")
        assert not home.exchange.channels[LEG].alive
        assert home.operator("sato") is OperatorState.WRAP_UP
        assert home.store.kinds("c-1").count("command_done") == (2 if held else 1)
        assert not refusals(home)


@pytest.mark.looptime
async def test_a_phone_that_hangs_up_as_it_hands_over_has_handed_over():
    async with house() as home:
        await talking(home)
        home.exchange.referred.put_nowait(Referral(LEG, "2301"))
        await told(home)
        home.exchange.hang_up(LEG)
        await home.at("c-1", Stage.HAND_OVER)


@pytest.mark.looptime
@pytest.mark.parametrize(
    ("extension", "entry", "why"),
    [
        (None, TAX, "asked_by_phone"),
        ("2302", TAX, "not_in_directory"),
        ("2301", replace(TAX, transferable=False), "not_transferable"),
        ("2301", replace(TAX, hours=NEVER), "out_of_hours"),
    ],
)
async def test_what_is_refused_is_told_to_phone_and_desk_and_the_talk_goes_on(
    extension: str | None, entry: Entry, why: str
):
    async with house() as home:
        await talking(home)
        home.store.directory["2301"] = entry
        home.exchange.referred.put_nowait(Referral(LEG, extension))
        assert await told(home) == (LEG, False)
        assert refusals(home) == [why]
        assert home.store.calls["c-1"].stage is Stage.TALK
        assert home.exchange.members["c-1~talk"] == {"c-1", LEG}


@pytest.mark.looptime
async def test_a_directory_that_can_not_be_read_refuses_and_the_next_one_is_taken():
    async with house() as home:
        await talking(home)
        home.store.unreadable = True
        home.exchange.referred.put_nowait(Referral(LEG, "2301"))
        assert await told(home) == (LEG, False)
        assert refusals(home) == ["directory_unreadable"]
        home.store.unreadable = False
        home.exchange.referred.put_nowait(Referral(LEG, "2301"))
        assert await told(home) == (LEG, True)


@pytest.mark.looptime
async def test_a_phone_of_no_talk_is_refused_and_nothing_else_happens():
    async with house() as home:
        await talking(home)
        home.exchange.referred.put_nowait(Referral("7001-stray", "2301"))
        assert await told(home) == ("7001-stray", False)
        assert home.store.calls["c-1"].stage is Stage.TALK


def test_in_a_consultation_the_phone_can_not_transfer_also_to_who_is_reachable():
    assert unreferable("2301", TAX, attended=True, there=True) == "in_consultation"
    assert unreferable("2301", TAX, attended=False, there=True) is None
