"""Operators who call citizens, on a real Asterisk: the number on the wire, audio both ways, kill -9, nothing left."""

from __future__ import annotations

import pytest

from denwa.world.operator import ConsoleOperator
from dialplan.ari.errors import NotFound
from kernel.call import Call, Outcome, Stage
from kernel.operator import OperatorState
from tests.support.platform import Platform
from tests.support.talk import CITIZEN_HERTZ, OPERATOR_HERTZ, Talk, says

CITIZEN = "08099998888"


async def the_own_call(platform: Platform) -> Call:
    async def look() -> Call | None:
        return next((call for call in await platform.store.calls.unfinished() if call.stage is Stage.DIAL), None)

    return await platform.until(look, "the operator's call")


async def rung(platform: Platform, desk: ConsoleOperator) -> tuple[Call, Talk]:
    """The operator has taken the own phone; the citizen's rings."""
    await desk.dial(CITIZEN)
    call = await the_own_call(platform)
    phone = await platform.world.rung("phone", "7001")
    await platform.world.answers(phone)
    citizen = await platform.world.rung("carrier", CITIZEN)
    return call, Talk(call, citizen, phone)


async def both_talk(platform: Platform, talk: Talk) -> None:
    for leg, hertz in ((talk.citizen, CITIZEN_HERTZ), (talk.phone, OPERATOR_HERTZ)):
        await leg.listen()
        await says(platform, leg, hertz)
    await talk.both_hear_each_other()


async def nothing_is_left(platform: Platform, call: Call) -> None:
    async with platform.look_into_asterisk() as ari:
        for id in (f"{call.id}~operator~sato~1", f"{call.id}~citizen~1"):
            with pytest.raises(NotFound):
                await ari.channels.get(id)
        assert not [bridge for bridge in await ari.bridges.list() if bridge.id.startswith(call.id)]


async def test_operator_and_citizen_hear_each_other_under_the_centres_number_and_a_pause_goes_on(platform: Platform):
    await platform.start()
    async with platform.at_desk() as desk:
        await desk.pause("事務処理")
        call, talk = await rung(platform, desk)
        channel = await talk.citizen.ari.channels.get(talk.citizen.id)
        assert channel.caller_number == "0466251111"
        await platform.world.answers(talk.citizen)
        await both_talk(platform, talk)
        await talk.citizen.hang_up()
        await talk.phone.is_over()
        over = await platform.at(call.id, Stage.WRAP_UP)
        assert over.outcome is None or over.outcome is Outcome.ANSWERED
        await desk.write_history(call.id, {"name": "架電 花子", "subject": "折り返し", "text": "ご案内しました。"})
        await platform.at(call.id, Stage.ENDED)
        assert (await platform.operator("sato")).state is OperatorState.PAUSED
        assert CITIZEN not in platform.said(), "no number in the log"
    await nothing_is_left(platform, call)


async def test_a_call_that_the_citizen_does_not_take_leaves_no_leg_behind(platform: Platform):
    """Hard case 22."""
    await platform.start()
    async with platform.at_desk() as desk:
        await desk.pause("事務処理")
        call, talk = await rung(platform, desk)
        await talk.citizen.hang_up()
        await talk.phone.is_over()
        over = await platform.at(call.id, Stage.ENDED)
        assert over.outcome is Outcome.NOT_CONNECTED
        assert "発信はつながりませんでした" in await desk.desk()
    await nothing_is_left(platform, call)


async def test_an_operator_who_hangs_up_or_clicks_so_stops_the_citizens_phone(platform: Platform):
    await platform.start()
    async with platform.at_desk() as desk:
        await desk.pause("事務処理")
        for by in ("phone", "click"):
            call, talk = await rung(platform, desk)
            await (talk.phone.hang_up() if by == "phone" else desk.hang_up(call.id))
            await talk.citizen.is_over()
            assert (await platform.at(call.id, Stage.ENDED)).outcome is Outcome.NOT_CONNECTED
            await nothing_is_left(platform, call)


async def test_kill_9_while_the_citizen_is_rung_and_again_in_the_talk(platform: Platform):
    await platform.start()
    async with platform.at_desk() as desk:
        await desk.pause("事務処理")
        call, talk = await rung(platform, desk)
        platform.kill()
        await platform.world.answers(talk.citizen)
        await platform.start()
        await platform.at(call.id, Stage.TALK)
        await both_talk(platform, talk)
        platform.kill()
        await platform.start()
        await talk.both_hear_each_other()
        await talk.phone.hang_up()
        await talk.citizen.is_over()
    after = await platform.at(call.id, Stage.WRAP_UP)
    assert after.callback is not None
    assert after.callback.attempts == 1
