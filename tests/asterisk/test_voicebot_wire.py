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
from bench.voicebot.answers import NO, YES, Wish
from bench.voicebot.citizens import SECOND, Caller, caller
from bench.voicebot.voices import VOICES, say
from bench.voicebot.ways import FIGURE
from denwa.parts import utc_now
from kernel.call import Call, Stage
from kernel.directory import Entry
from kernel.routing import Lead
from kernel.utterance import Speaker
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


async def test_ten_callers_at_once_are_each_put_through_to_the_department_that_they_want_or_come_to_a_person(
    asked_at_once: Platform,
):
    centre, turns, together = await asked_at_once.centre(), asyncio.Semaphore(AT_ONCE), asyncio.Barrier(10)
    kept = [kept.entry for kept in await asked_at_once.store.directory.all()]
    extensions = {one: extension_of(kept, one) for one in WISHES.values() if one}
    sounds = {text: sound(text) for text in (*WISHES, YES, NO, *(f"{one}です。" for one in WISHES.values()))}

    async def wants(place: int, text: str, section: str) -> Stage:
        async with caller(carrier, f"090222200{place:02}", centre.numbers[0]) as citizen:
            await citizen.ear.silence()
            await together.wait()
            call = await of(asked_at_once, citizen)
            while call.stage is Stage.SPEAK:
                async with turns:
                    await citizen.ear.hears((await citizen.says(sounds[text])).ended, seconds=PATIENCE_SECONDS)
                call = await goes_on(asked_at_once, citizen, call)
                texts = await asked_at_once.store.utterances.of_call(call.id)
                asked = next(said.text for said in reversed(texts) if said.speaker is Speaker.VOICEBOT)
                text = Wish([section] if section else [], section).answer(asked, centre.announcements)
            assert call.stage in {Stage.HAND_OVER, Stage.WAIT}
            assert call.extension in {extensions.get(section), None}, "nobody is put through to another department"
            return call.stage

    ten = [*WISHES.items(), *WISHES.items()][:10]
    with outside(asked_at_once) as carrier:
        stages = await asyncio.gather(*(wants(place, *wish) for place, wish in enumerate(ten)))
    assert stages.count(Stage.HAND_OVER) >= 5, "of nine who want a department; some are not understood twice"


def extension_of(entries: Sequence[Entry], section: str) -> str:
    """Of the section's first entry."""
    return next(one.extension for one in entries if one.section == section)


async def of(platform: Platform, citizen: Caller) -> Call:
    """The citizen's call."""

    async def look() -> Call | None:
        calls = await platform.store.calls.unfinished()
        return next((call for call in calls if call.caller and call.caller.digits == citizen.number), None)

    return await platform.until(look, f"the call of {citizen.number} is stored")


async def goes_on(platform: Platform, citizen: Caller, call: Call) -> Call:
    """The call once it has left the voicebot, or once that has asked its next."""

    async def look() -> Call | None:
        now = await platform.store.calls.find(call.id)
        return now if now and (now.stage is not Stage.SPEAK or citizen.ear.is_silent()) else None

    return await platform.until(look, f"the conversation with {citizen.number} goes on")
