"""Other languages, and what operators hear while somebody is rung, on a real Asterisk: by correlation and spectrum."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from denwa.world.hearing import Sound, level, share_of_tone
from denwa.world.leg import OutsideLeg
from kernel.announcement import Said, filled, words
from kernel.call import Call, Stage
from kernel.transfer import Step
from tests.asterisk.test_dialling import rung
from tests.asterisk.test_transfer import Consulted, consulting
from tests.support.platform import Platform
from tests.support.talk import CITIZEN_HERTZ, answered, in_the_menu, says

RING_HERTZ = 400
"""The Japanese ringing tone (呼出音): 400 Hz, a second of three, its strength swinging 15 times a second."""


async def spoken(platform: Platform, said: Said) -> Path:
    return Path(f"{await platform.prompts.media(*words(said))}.wav")


async def in_spanish(platform: Platform) -> tuple[Call, OutsideLeg]:
    """A caller has come into the queue by the menu of languages."""
    texts = (await platform.centre()).texts("es")
    call, citizen = await in_the_menu(platform)
    await citizen.presses("8")
    await citizen.hears_announcement(await spoken(platform, texts["choose-language"]), "the key for Spanish")
    await citizen.presses("4")
    return await platform.at(call.id, Stage.WAIT), citizen


def rings(sound: Sound) -> bool:
    """Whether there is a second of ringing tone, and silence, in three seconds of ``sound``."""
    loud = [part for part in np.array_split(sound, 30) if level(part) > 0.01]
    return 8 <= len(loud) <= 14 and share_of_tone(np.concatenate(loud), RING_HERTZ) > 0.6


async def hears_ringing(leg: OutsideLeg) -> None:
    await leg.hears(lambda sound: len(sound) >= 24000 and rings(sound[-24000:]), "a ringing tone")


async def test_who_presses_a_language_hears_it_from_then_on_also_while_an_interpreter_is_rung(platform: Platform):
    await platform.start()
    texts = (await platform.centre()).texts("es")
    call, citizen = await in_spanish(platform)
    assert call.language == "es"
    await citizen.hears_announcement(await spoken(platform, filled(texts["position"], position=1)), "the place")
    async with platform.at_desk() as desk:
        await desk.ready()
        phone = await platform.world.rung("phone", "7001")
        await platform.world.answers(phone)
        talk = await answered(platform, call, citizen, phone)
        assert "スペイン語" in await desk.desk()
        await desk.interpret(call.id, "es")
        interpreter = await platform.world.rung("carrier", "0466000901")
        one = Consulted(platform, talk, desk, interpreter)
        await citizen.hears_announcement(await spoken(platform, texts["interpreter-rung"]), "that one is rung")
        await hears_ringing(phone)
        await one.answers()
        await citizen.hears_announcement(await spoken(platform, texts["interpreter-aside"]), "that they talk")
        await one.apart()
        await one.press("three")
        await one.at(Step.THREE)
        await one.three()
    await one.talk.citizen.hang_up()


async def test_an_operator_who_asks_a_department_hears_ringing_and_then_the_department_alone(platform: Platform):
    async with consulting(platform) as one:
        await hears_ringing(one.talk.phone)
        await one.answers()
        await one.apart()


async def test_an_operator_who_calls_a_citizen_hears_ringing_until_both_talk(platform: Platform):
    await platform.start()
    async with platform.at_desk() as desk:
        await desk.pause("事務処理")
        call, talk = await rung(platform, desk)
        await talk.phone.listen()
        await hears_ringing(talk.phone)
        await platform.world.answers(talk.citizen)
        await says(platform, talk.citizen, CITIZEN_HERTZ)
        await talk.phone.hears_tone(CITIZEN_HERTZ)
        assert (await platform.at(call.id, Stage.TALK)).answered
        await talk.citizen.hang_up()
        await talk.phone.is_over()
