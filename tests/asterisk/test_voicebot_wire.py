"""Citizens who speak to the voicebot, heard on the wire: RTP in both directions, recognised on this machine.

Their voices are synthetic.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Generator
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
from dialplan.voicebot.choices import Choices
from kernel.call import Call, Stage
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
            assert len(citizen.ear.sounds) >= 0.85 * whole, "it went on to its end, a lost packet or two aside"
        async with caller(carrier, "09011110002", dials) as citizen:
            await citizen.ear.hears(seconds=PATIENCE_SECONDS)
            said = await citizen.says(sentence)
            last = citizen.ear.last(said.ended)
            assert (said.ended - last) / SECOND > 1.0, "nothing is heard for longer than the question ever pauses"
            assert sum(at <= last for at in citizen.ear.sounds) < 0.9 * whole, "it was cut before its end"


@pytest.mark.timeout(300)
async def test_ten_callers_at_once_are_each_put_through_where_the_voicebot_told_them_or_go_on_with_keys_or_a_person(
    asked_at_once: Platform,
):
    """Who is put through where depends on what is recognised, which a busy machine's gaps in the sound may change."""
    centre, turns, together = await asked_at_once.centre(), asyncio.Semaphore(AT_ONCE), asyncio.Barrier(10)
    choices = Choices.of(centre, [kept.entry for kept in await asked_at_once.store.directory.all()])
    names = {one.extension: choices.spoken(id) for id, one in choices.entries.items()}
    sounds = {text: sound(text) for text in (*WISHES, YES, NO, *(f"{one}です。" for one in WISHES.values()))}

    async def wants(place: int, text: str, section: str) -> bool:
        wish = Wish([choices.spoken(id) for id in choices.subjects if choices.written(id) == section], section)
        async with caller(carrier, f"090222200{place:02}", centre.numbers[0]) as citizen:
            await citizen.ear.silence()
            await together.wait()
            call, told = await of(asked_at_once, citizen), ""
            while call.stage is Stage.SPEAK:
                async with turns:
                    await citizen.ear.hears((await citizen.says(sounds[text])).ended, seconds=PATIENCE_SECONDS)
                call = await goes_on(asked_at_once, citizen, call)
                told = await said_last(asked_at_once, call)
                text = wish.answer(told, centre.announcements)
        assert call.stage in {Stage.HAND_OVER, Stage.WAIT, Stage.MENU, Stage.ENDED}
        assert call.extension is None or names[call.extension] in told
        return call.stage is Stage.HAND_OVER and any(name in told for name in wish.names)

    ten = [*WISHES.items(), *WISHES.items()][:10]
    with outside(asked_at_once) as carrier:
        rightly = await asyncio.gather(*(wants(place, *wish) for place, wish in enumerate(ten)))
    assert any(rightly), "somebody is understood"


async def said_last(platform: Platform, call: Call) -> str:
    """By the voicebot."""
    texts = await platform.store.utterances.of_call(call.id)
    return next(said.text for said in reversed(texts) if said.speaker is Speaker.VOICEBOT)


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
