"""An overload, and a slow Asterisk: who is up stays well, who comes is told, and it ends by itself."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from bench.sip.agent import Agent
from bench.sip.telephones import Citizen, citizen
from kernel.call import Outcome, Stage
from kernel.events import Event, EventKind
from kernel.operator import OperatorState
from kernel.settings import Settings
from tests.support.asterisk import TONES, World
from tests.support.cable import cable
from tests.support.platform import Platform
from tests.support.talk import beside, in_the_menu, talking, waiting

SIP_PORT = 5060
FEW = {
    "admission__calls_per_second": "1",
    "admission__burst": "4",
    "admission__guided_per_second": "2",
    "admission__guided_burst": "6",
    "admission__calm_seconds": "1",
}


@asynccontextmanager
async def carrier(settings: Settings) -> AsyncIterator[Agent]:
    """Telephones by hand beside the outside Asterisk, at the carrier's address: what the wire says can be read."""
    sip = settings.sip
    agent = Agent(str(sip.carrier.host), 0, (str(sip.bind), SIP_PORT))
    try:
        yield agent
    finally:
        agent.close()


async def flood(settings: Settings, stack: AsyncExitStack, callers: int, gap: float) -> tuple[list[Citizen], list[int]]:
    """So many citizens, one each ``gap`` seconds: they, and the SIP status that each got."""
    agent = await stack.enter_async_context(carrier(settings))
    numbers = [f"0801111{place:04}" for place in range(callers)]
    citizens = [await stack.enter_async_context(citizen(agent, one, settings.sip.main_number)) for one in numbers]
    for one in citizens:
        one.rings()
        await asyncio.sleep(gap)
    answers = await asyncio.gather(*(one.dialog.final("INVITE") for one in citizens))
    return citizens, [answer.status or 0 for answer in answers]


async def changes(platform: Platform) -> list[Event]:
    stored = [one.event for one in await platform.store.events.since(0)]
    return [event for event in stored if event.kind is EventKind.ADMISSION_CHANGED]


async def opened_and_closed(platform: Platform, why: str) -> None:
    """Return when an alarm for ``why`` has begun and callers are let in again."""

    async def over() -> bool:
        told = [(event.data["level"], event.data["why"]) for event in await changes(platform)]
        return bool(told) and told[-1][0] == "open" and any(reason == why for _, reason in told)

    await platform.until(over, f"an alarm for {why}, and its end")


async def congested(platform: Platform) -> int:
    """How many callers were turned away, as stored."""
    stored = [one.event for one in await platform.store.events.since(0)]
    away = [event.call for event in stored if event.kind is EventKind.CALL_TURNED_AWAY and event.call]
    calls = [await platform.store.calls.find(id) for id in away]
    assert all(call and (call.stage, call.outcome) == (Stage.ENDED, Outcome.CONGESTED) for call in calls)
    assert not [event for event in stored if event.kind is EventKind.CALL_ABANDONED]
    return len(calls)


async def test_under_an_overload_talks_and_places_stay_clicks_are_done_and_who_comes_is_told(platform: Platform):
    await platform.ready_operators("sato")
    await platform.start(**FEW)
    talk = await talking(platform)
    place = await beside(platform, talk.call.id)
    await place[1].presses("1")
    waits = await platform.at(place[0], Stage.WAIT)
    async with AsyncExitStack() as stack:
        _, answers = await flood(platform.settings, stack, 30, gap=0.05)
        came = Counter(answers)
        assert came[486] >= 10, "busy, where even the guidance is too much"
        assert came[486] + came[200] == 30
        await talk.both_hear_each_other()
        await place[1].hears_music()
        async with platform.at_desk() as desk:
            await desk.hang_up(talk.call.id)
            await talk.citizen.is_over()
            await platform.at(talk.call.id, Stage.WRAP_UP)
            await desk.finish_wrap_up(talk.call.id)
            offered = await platform.ringing(place[0])
        assert offered.waiting_since == waits.waiting_since
    await opened_and_closed(platform, "arrivals")
    assert await congested(platform) >= came[486] + 6
    after, _ = await in_the_menu_again(platform)
    assert after.stage is Stage.MENU


async def in_the_menu_again(platform: Platform):
    """A caller who comes when it is over is let in; others may still be on the line."""
    known = {call.id for call in await platform.store.calls.unfinished()}
    citizen = await platform.world.rings("0466251111", "0312345678")

    async def look():
        live = await platform.store.calls.unfinished()
        return next((call for call in live if call.id not in known and call.stage is Stage.MENU), None)

    return await platform.until(look, "the new caller is in the menu"), citizen


async def test_a_caller_for_whom_there_is_no_line_hears_the_guidance_at_once(platform: Platform):
    await platform.start(admission__calls="1")
    _, first = await in_the_menu(platform)
    second = await platform.world.rings("0466251111", "08011112222")
    await second.hears_tone(TONES["congested"])
    await second.is_over()
    assert await congested(platform) == 1
    await first.hang_up()
    async with platform.look_into_asterisk() as ari:
        (away,) = [one.event for one in await platform.store.events.since(0) if one.event.data.get("how")]
        assert await ari.asterisk.get_variable(f"HUNGUP_{away.call}") == "", "nobody will ask when they left"


async def test_asterisk_itself_takes_no_more_calls_than_can_live_whatever_becomes_of_the_controller(own_world: World):
    instance = own_world.centre
    conf = instance.rendered.conf
    written = conf.read_text(encoding="utf-8")
    most = f"maxcalls = {instance.settings.admission.lines}\n"
    assert most in written
    conf.write_text(written.replace(most, "maxcalls = 1\n"), encoding="utf-8")
    await instance.restart()
    async with AsyncExitStack() as stack:
        citizens, answers = await flood(instance.settings, stack, 2, gap=0.3)
        assert answers == [200, 503]
        await citizens[0].hang_up()


async def test_an_asterisk_that_stands_still_raises_the_alarm_and_callers_of_that_time_are_told(platform: Platform):
    await platform.start(admission__calm_seconds="1")
    call, citizen = await waiting(platform)
    os.kill(platform.asterisk.process.pid, signal.SIGSTOP)
    try:
        late = await platform.world.rings_unanswered("0466251111", "08011112222")
        await platform.says("new calls are turned away")
        _, ready = await platform.health("/readyz")
        assert "reply_seconds" in json.loads(ready)["notes"]["admission"]
        _, figures = await platform.health("/metrics")
        assert "denwa_admission_level 1.0" in figures or "denwa_admission_level 2.0" in figures
    finally:
        os.kill(platform.asterisk.process.pid, signal.SIGCONT)
    await late.is_over()
    await opened_and_closed(platform, "reply_seconds")
    assert await congested(platform) == 1
    await citizen.hears_music()
    assert (await platform.at(call.id, Stage.WAIT)).waiting_since == call.waiting_since


async def test_an_asterisk_that_answers_slowly_is_noticed_and_left_to_those_who_are_on_the_line(platform: Platform):
    await platform.ready_operators("sato")
    ari = platform.settings.ari
    async with cable(ari.host, ari.port) as wire:
        await platform.start(ari__host="127.0.0.1", ari__port=str(wire.port), admission__calm_seconds="1")
        talk = await talking(platform)
        wire.delay_seconds = 0.2
        await platform.says("new calls are turned away")
        late = await platform.world.rings("0466251111", "08011112222")
        await late.hears_tone(TONES["congested"])
        await talk.both_hear_each_other()
        wire.delay_seconds = 0.0
        await opened_and_closed(platform, "reply_seconds")
        await talk.citizen.hang_up()
        await platform.at(talk.call.id, Stage.WRAP_UP)
        assert (await platform.operator("sato")).state is OperatorState.WRAP_UP
    assert [event.data["level"] for event in await changes(platform)][-1] == "open"
