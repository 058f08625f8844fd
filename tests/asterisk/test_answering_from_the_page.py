"""An operator answers the desk phone that rings from the page, on a real Asterisk."""

from __future__ import annotations

from denwa.world.leg import OutsideLeg
from kernel.call import Call, Stage
from kernel.operator import OperatorState
from tests.asterisk.test_kill import adopted
from tests.support.asterisk import Instance
from tests.support.desk_phones import ASKING, answering_from_the_page, asked_by, obeys
from tests.support.platform import Platform
from tests.support.talk import answered, in_the_menu


async def clicked(platform: Platform, outside: Instance) -> tuple[Call, OutsideLeg, OutsideLeg]:
    """The call, its caller, and the phone as it is rung after 応答 was pressed; before, it rang as any phone."""
    await answering_from_the_page(platform, "sato")
    await platform.ready_operators("sato")
    await platform.start()
    call, citizen = await in_the_menu(platform)
    await citizen.presses("1")
    before = await platform.world.rung("phone", "7001")
    assert await asked_by(outside, before) == set()
    await platform.ringing(call.id)
    async with platform.at_desk() as desk:
        await desk.answer(call.id)
    phone = await platform.world.rung("phone", "7001")
    await before.is_over()
    return call, citizen, phone


async def test_a_phone_that_answers_by_itself_does_so_and_both_hear_each_other(platform: Platform, outside: Instance):
    call, citizen, phone = await clicked(platform, outside)
    assert await asked_by(outside, phone) == set(ASKING)
    await obeys(platform, outside, phone)
    await platform.at(call.id, Stage.TALK)
    talk = await talks(platform, call, citizen, phone)
    assert (talk.operator, talk.offers) == ("sato", 1)
    assert (await platform.operator("sato")).state is OperatorState.TALKING


async def test_a_phone_that_does_not_rings_on_and_is_answered_by_hand(platform: Platform, outside: Instance):
    call, citizen, phone = await clicked(platform, outside)
    await citizen.hears_music()
    assert not phone.end.up.is_set()
    talk = await talks(platform, call, citizen, phone)
    assert (talk.operator, talk.offers, talk.waiting_since) == ("sato", 1, call.waiting_since or talk.waiting_since)


async def test_a_controller_that_is_killed_there_is_followed_by_one_that_finds_the_phone_answered(
    platform: Platform, outside: Instance
):
    call, citizen, phone = await clicked(platform, outside)
    platform.kill()
    await obeys(platform, outside, phone)
    await phone.end.up.wait()
    await adopted(platform, call.id)
    talk = await talks(platform, call, citizen, phone)
    assert (talk.operator, talk.offers) == ("sato", 1)
    kinds = await platform.kinds(call.id)
    assert (kinds.count("call_answered"), kinds.count("offer_not_answered")) == (1, 0)


async def talks(platform: Platform, call: Call, citizen: OutsideLeg, phone: OutsideLeg) -> Call:
    return (await answered(platform, call, citizen, phone)).call
