"""A supervisor who took a call over, on a real Asterisk: put back, handed over, hung up by button; and kill -9."""

from __future__ import annotations

from datetime import timedelta

from agent_console.japan_day import day_of, midnight
from denwa.parts import utc_now
from kernel.call import Outcome, Stage
from kernel.figures import OperatorFigures, rules_of
from tests.support.platform import Platform
from tests.support.supervised import SUPERVISOR_HERTZ, Watched, adopted, press, watched
from tests.support.talk import CITIZEN_HERTZ


async def lead(supervisor: Watched, button: str, fields: dict[str, str]) -> None:
    await supervisor.wall.post(f"/wall/taken/{supervisor.talk.call.id}/{button}", fields)


async def test_kill_9_in_a_taken_over_talk_is_noticed_by_nobody_and_the_caller_who_is_put_back_keeps_the_time_waited(
    platform: Platform,
):
    async with watched(platform, "whisper") as supervisor:
        await supervisor.whispering()
        await press(supervisor.wall, supervisor.talk, "take-over")
        await supervisor.taken_over()
        call = supervisor.talk.call.id
        await adopted(platform, call)
        await supervisor.talk.citizen.hears_tone(SUPERVISOR_HERTZ)
        await supervisor.phone.hears_tone(CITIZEN_HERTZ)
        await lead(supervisor, "put-back", {"queue": "exchange"})
        await supervisor.phone.is_over()
        back = await platform.at(call, Stage.WAIT)
        assert (back.queue, back.waiting_since) == ("exchange", supervisor.talk.call.waiting_since)
        await supervisor.talk.citizen.hears_music()
        await supervisor.over()


async def test_who_took_over_hands_over_to_the_city_and_the_talk_counts_for_the_supervisor(platform: Platform):
    async with watched(platform, "whisper") as supervisor:
        await supervisor.whispering()
        await press(supervisor.wall, supervisor.talk, "take-over")
        await supervisor.taken_over()
        call = supervisor.talk.call.id
        await lead(supervisor, "hand-over", {"extension": "2301"})
        city = await platform.world.rung("pbx", "2301")
        await platform.world.answers(city)
        await supervisor.phone.is_over()
        await city.listen()
        await city.hears_tone(CITIZEN_HERTZ)
        await supervisor.talk.citizen.hang_up()
        await city.is_over()
        assert (await platform.at(call, Stage.ENDED)).outcome is Outcome.HANDED_OVER
    rules, now = rules_of(await platform.store.centres.current()), utc_now()
    figures = await platform.store.figures.day(midnight(day_of(now)), rules, now)
    found = sum((one for (_, who), one in figures.operators.items() if who == "kanri"), OperatorFigures())
    assert (found.taken_over, found.answered, found.transfers) == (1, 0, 1)
    assert found.mean_talk == found.led > timedelta()


async def test_who_took_over_hangs_up_by_button(platform: Platform):
    async with watched(platform, "whisper") as supervisor:
        await supervisor.whispering()
        await press(supervisor.wall, supervisor.talk, "take-over")
        await supervisor.taken_over()
        await lead(supervisor, "hang-up", {})
        await supervisor.talk.citizen.is_over()
        await supervisor.phone.is_over()
        await platform.at(supervisor.talk.call.id, Stage.ENDED)
        await supervisor.over()
