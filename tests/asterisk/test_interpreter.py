"""三者通話 with an interpreter on a real Asterisk (T11): the three hear each other, checked on each leg by its tone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from denwa.parts import utc_now
from kernel.call import Outcome, Stage
from kernel.transfer import Step
from tests.asterisk.test_transfer import Consulted
from tests.support.platform import Platform
from tests.support.supervised import adopted
from tests.support.talk import talking

FIRST, SECOND = "0466000901", "0466000902"
"""Those of the seed."""


@asynccontextmanager
async def asked(platform: Platform) -> AsyncIterator[Consulted]:
    """The first interpreter is being rung; the operator clicks as before."""
    await platform.ready_operators("sato")
    await platform.start()
    async with platform.at_desk() as desk:
        talk = await talking(platform)
        await desk.interpret(talk.call.id, "zh")
        interpreter = await platform.world.rung("carrier", FIRST)
        await platform.at(talk.call.id, Stage.CONSULT)
        yield Consulted(platform, talk, desk, interpreter)


async def test_operator_and_interpreter_talk_first_then_all_three_and_each_can_be_put_aside(platform: Platform):
    async with asked(platform) as one:
        channel = await one.city.ari.channels.get(one.city.id)
        assert channel.caller_number == "0466251111"
        await one.answers()
        await one.apart()
        await one.press("three")
        await one.at(Step.THREE)
        await one.three()
        await one.press("swap")
        await one.at(Step.TALKING)
        await one.apart()
        await one.press("swap")
        await one.at(Step.SWAPPED)
        await one.swapped()
        await one.press("cancel-consult")
        await one.city.is_over()
        await one.back()
        (use,) = await platform.store.interpreting.between(one.talk.call.arrived, utc_now())
        assert (use.language, use.number) == ("zh", FIRST)
        assert use.ended is not None
        await one.talk.citizen.hang_up()
        await one.talk.phone.is_over()
    await one.nothing_is_left()


async def test_an_interpreter_who_is_busy_is_not_waited_for_and_the_next_number_is_rung(platform: Platform):
    async with asked(platform) as one:
        await one.city.ari.channels.hangup(one.city.id, "busy")
        one.city = await platform.world.rung("carrier", SECOND)
        await one.answers()
        await one.apart()


@pytest.mark.parametrize("who", ["interpreter", "caller", "operator"])
async def test_of_three_who_talk_one_leaves_first_and_what_remains_is_as_the_operator_expects(platform: Platform, who):
    """Hard case 23."""
    async with asked(platform) as one:
        await one.answers()
        await one.press("three")
        await one.at(Step.THREE)
        await one.three()
        leg = {"interpreter": one.city, "caller": one.talk.citizen, "operator": one.talk.phone}[who]
        await leg.hang_up()
        if who == "interpreter":
            await one.back()
            return
        for other in {one.city, one.talk.citizen, one.talk.phone} - {leg}:
            await other.is_over()
        call = await platform.at(one.id, Stage.WRAP_UP)
        assert call.outcome is Outcome.ANSWERED
    await one.nothing_is_left()


@pytest.mark.parametrize("step", [Step.RINGING, Step.TALKING, Step.THREE])
async def test_kill_9_at_each_step_leaves_those_who_talk_talking_and_the_next_controller_goes_on(
    platform: Platform, step
):
    async with asked(platform) as one:
        if step is not Step.RINGING:
            await one.answers()
        if step is Step.THREE:
            await one.press("three")
            await one.at(Step.THREE)
            await one.three()
        await adopted(platform, one.id)
    if step is Step.RINGING:
        await one.answers()
        await one.apart()
    elif step is Step.TALKING:
        await one.apart()
    else:
        await one.three()
    async with platform.at_desk() as desk:
        one.desk = desk
        await one.press("cancel-consult")
        await one.city.is_over()
        await one.back()
