"""Citizens who speak to the voicebot, heard on the wire: RTP in both directions, recognised on this machine.

Their voices are synthetic.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.sip import mulaw
from bench.sip.agent import Agent
from bench.voicebot.citizens import SECOND, caller
from bench.voicebot.voices import VOICES, say
from bench.voicebot.ways import FIGURE
from denwa.parts import utc_now
from kernel.call import Call, Stage
from kernel.directory import Entry
from kernel.routing import Lead
from tests.support.asterisk import World
from tests.support.installation import make_platform
from tests.support.platform import Platform

BOT = "main"
PATIENCE_SECONDS = 30.0
AT_ONCE = 2
"""Of ten who talk with the voicebot: a slow machine would otherwise recognise too late, and ask by keys."""

LONG = "市民税課に、お聞きしたいことがあって、お電話をしております。"
WISHES = {
    "市民税課をお願いします。": "市民税課",
    "介護保険課をお願いします。": "介護保険課",
    "国民健康保険の手続きをお願いします。": "保険年金課",
    "建築指導課をお願いします。": "建築指導課",
    "道路管理課をお願いします。": "道路管理課",
    "オペレーターをお願いします。": "",
}
"""And to which section that leads; "": to a person."""


@pytest.fixture
async def asked_at_once(world: World, tmp_path: Path) -> AsyncIterator[Platform]:
    """The voicebot takes each call itself, and nobody is hurried by its silence."""
    async with make_platform(world, tmp_path) as one:
        version = await one.store.centres.current_version()
        assert version
        centre = version.centre
        patient = centre.voicebots[BOT].model_copy(update={"silence_seconds": PATIENCE_SECONDS})
        leads = {centre.numbers[0]: Lead(voicebot=BOT)}
        changed = centre.model_copy(update={"voicebots": {BOT: patient}, "number_leads": leads})
        await one.store.centres.save(changed, by="test", now=utc_now(), expected_version=version.version)
        await one.start(speech__engine="whisper")
        await one.says("callers are understood")
        yield one


@contextmanager
def outside(platform: Platform) -> Generator[Agent]:
    """Telephones beyond the carrier."""
    sip = platform.settings.sip
    agent = Agent(str(sip.carrier.host), 0, (str(sip.bind), sip.port))
    try:
        yield agent
    finally:
        agent.close()


def sound(text: str):
    return say(text, VOICES[FIGURE][0])


async def question(platform: Platform) -> list[bool]:
    """In which packets of the voicebot's question something is heard."""
    spoken = (await platform.wav("voicebot-ask")).with_suffix(".ulaw").read_bytes()
    packets = [spoken[at : at + mulaw.SAMPLES] for at in range(0, len(spoken), mulaw.SAMPLES)]
    return [mulaw.has_sound(packet) for packet in packets if len(packet) == mulaw.SAMPLES]


async def test_a_yes_in_passing_lets_the_question_go_on_to_its_end_and_a_sentence_cuts_it(asked_at_once: Platform):
    whole = sum(await question(asked_at_once))
    dials = (await asked_at_once.centre()).numbers[0]
    yes, sentence = sound("はい。"), sound(LONG)
    with outside(asked_at_once) as carrier:
        async with caller(carrier, "09011110001", dials) as citizen:
            await citizen.ear.hears(seconds=PATIENCE_SECONDS)
            await citizen.says(yes)
            await citizen.ear.silence()
            assert len(citizen.ear.sounds) >= 0.97 * whole, "it went on to its end"
        async with caller(carrier, "09011110002", dials) as citizen:
            await citizen.ear.hears(seconds=PATIENCE_SECONDS)
            said = await citizen.says(sentence)
            last = citizen.ear.last(said.ended)
            assert (said.ended - last) / SECOND > 1.0, "nothing is heard for longer than the question ever pauses"
            assert sum(at <= last for at in citizen.ear.sounds) < 0.9 * whole, "it was cut before its end"


async def test_ten_callers_at_once_each_come_to_the_department_or_the_person_they_want(asked_at_once: Platform):
    dials, turns = (await asked_at_once.centre()).numbers[0], asyncio.Semaphore(AT_ONCE)
    together = asyncio.Barrier(10)
    kept = [kept.entry for kept in await asked_at_once.store.directory.all()]
    extensions = {one: extension_of(kept, one) for one in WISHES.values() if one}

    async def wants(place: int, text: str, section: str) -> None:
        async with caller(carrier, f"090222200{place:02}", dials) as citizen:
            await citizen.ear.silence()
            await together.wait()
            async with turns:
                await citizen.ear.hears((await citizen.says(sounds[text])).ended, seconds=PATIENCE_SECONDS)
            call = await left(asked_at_once, citizen.number)
            assert call.stage is (Stage.HAND_OVER if section else Stage.WAIT)
            assert call.extension == extensions.get(section)

    sounds = {text: sound(text) for text in WISHES}
    ten = [*WISHES.items(), *WISHES.items()][:10]
    with outside(asked_at_once) as carrier:
        await asyncio.gather(*(wants(place, *wish) for place, wish in enumerate(ten)))


def extension_of(entries: Sequence[Entry], section: str) -> str:
    """Of the section's first entry."""
    return next(one.extension for one in entries if one.section == section)


async def left(platform: Platform, number: str) -> Call:
    """The call of ``number`` once the voicebot has let it go."""

    async def look() -> Call | None:
        calls = await platform.store.calls.unfinished()
        mine = next((call for call in calls if call.caller and call.caller.digits == number), None)
        return mine if mine and mine.stage not in {Stage.GREET, Stage.SPEAK} else None

    return await platform.until(look, f"the voicebot lets {number} go")
