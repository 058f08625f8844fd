"""The transfer key of an operator's desk phone, on a real Asterisk that takes REFER to us (T5 to T7)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bench.sip import mulaw
from bench.sip.telephones import Rung
from denwa.world.leg import OutsideLeg
from kernel.call import Stage
from kernel.operator import OperatorState
from tests.support.asterisk import World, make_world
from tests.support.installation import make_platform
from tests.support.platform import Platform
from tests.support.referring import TransferKey, desk_phone
from tests.support.talk import CITIZEN_HERTZ, CITY_HERTZ, in_the_menu, says

CALLER = "09012345678"
PHONE_HERTZ = 1000
IN_DIRECTORY, STRANGE = "2301", "2999"
REPLACES = "?Replaces=another-call%3Bto-tag%3Dthis%3Bfrom-tag%3Dthat"


@pytest.fixture
async def referring_world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    both = make_world(tmp_path_factory.mktemp("referring"), sip={"phones_transfer": True})
    await both.start()
    await both.phones_registered()
    yield both
    await both.stop()


@pytest.fixture
async def referring(referring_world: World, tmp_path: Path) -> AsyncIterator[Platform]:
    async with make_platform(referring_world, tmp_path) as one:
        yield one


async def both_hear(citizen: OutsideLeg, phone: Rung) -> None:
    await citizen.hears_tone(PHONE_HERTZ)
    await phone.audio.hear(mulaw.has_sound)


async def test_the_phones_own_key_puts_through_who_is_in_the_directory_and_else_the_talk_goes_on(
    referring: Platform, referring_world: World
):
    platform = referring
    await platform.ready_operators("sato")
    async with desk_phone(referring_world, "7001") as phones:
        await platform.start()
        rung = phones.rung_by(CALLER)
        call, citizen = await in_the_menu(platform, CALLER)
        await citizen.presses("1")
        phone = await rung
        phone.answer()
        phone.audio.say(mulaw.tone(PHONE_HERTZ))
        await says(platform, citizen, CITIZEN_HERTZ)
        await platform.at(call.id, Stage.TALK)

        async def writes_up() -> bool:
            return (await platform.operator("sato")).state is OperatorState.WRAP_UP

        key = TransferKey(phone, str(platform.settings.sip.bind))
        await both_hear(citizen, phone)
        assert await key.transfers(STRANGE) == "SIP/2.0 603 Decline"
        assert await key.transfers(IN_DIRECTORY, REPLACES) == "SIP/2.0 603 Decline"
        await both_hear(citizen, phone)
        async with platform.at_desk() as desk:
            assert "電話機からの相談転送はできません" in await desk.desk()

        await key.holds()
        assert await key.transfers(IN_DIRECTORY) == "SIP/2.0 200 OK"
        await phone.is_over()
        city = await platform.world.rung("pbx", IN_DIRECTORY)
        await citizen.hears_music()
        await platform.until(writes_up, "the operator writes it up")
        await platform.world.answers(city)
        await city.listen()
        await says(platform, city, CITY_HERTZ)
        await citizen.hears_tone(CITY_HERTZ)
        await city.hears_tone(CITIZEN_HERTZ)
        phone.close()
        await city.hang_up()
        await citizen.is_over()
