"""A supervisor at a talk on a real Asterisk: who hears whom, judged by the tones; and kill -9 in the midst of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest

from agent_console.japan_day import day_of, midnight
from crm.users import Role
from denwa.parts import utc_now
from denwa.world.hearing import RATE, read, share_of_tone
from denwa.world.leg import OutsideLeg
from denwa.world.operator import ConsoleOperator
from kernel.call import Outcome, Stage
from kernel.figures import OperatorFigures, rules_of
from kernel.operator import OperatorState
from tests.support.platform import Platform
from tests.support.talk import CITIZEN_HERTZ, OPERATOR_HERTZ, Talk, in_the_menu, says, talking

SUPERVISOR_HERTZ = 2300.0
PHONE = "7901"


@dataclass
class Watched:
    """A talk, and the supervisor's phone that was rung for it and says a tone without end."""

    platform: Platform
    talk: Talk
    wall: ConsoleOperator
    phone: OutsideLeg

    async def listening(self) -> None:
        """The supervisor hears both and nobody hears the supervisor."""
        await hears_all(self.phone, CITIZEN_HERTZ, OPERATOR_HERTZ)
        await self.talk.both_hear_each_other()
        await hears_none(self.talk.citizen, SUPERVISOR_HERTZ)
        await hears_none(self.talk.phone, SUPERVISOR_HERTZ)

    async def whispering(self) -> None:
        """The operator alone hears the supervisor."""
        await hears_all(self.talk.phone, CITIZEN_HERTZ, SUPERVISOR_HERTZ)
        await hears_all(self.phone, CITIZEN_HERTZ, OPERATOR_HERTZ)
        await hears_none(self.talk.citizen, SUPERVISOR_HERTZ)

    async def barging_in(self) -> None:
        """All three hear each other."""
        await hears_all(self.talk.citizen, OPERATOR_HERTZ, SUPERVISOR_HERTZ)
        await hears_all(self.talk.phone, CITIZEN_HERTZ, SUPERVISOR_HERTZ)
        await hears_all(self.phone, CITIZEN_HERTZ, OPERATOR_HERTZ)

    async def taken_over(self) -> None:
        """Citizen and supervisor alone hear each other."""
        await self.talk.citizen.hears_tone(SUPERVISOR_HERTZ)
        await self.phone.hears_tone(CITIZEN_HERTZ)
        await self.talk.phone.is_over()

    async def over(self) -> None:
        """Whatever was made for the supervisor is gone."""
        call = self.talk.call.id
        async with self.platform.look_into_asterisk() as ari:

            async def look() -> bool:
                channels = [one.id for one in await ari.channels.list() if one.id.startswith(f"{call}~")]
                bridges = [one.id for one in await ari.bridges.list() if one.id == f"{call}~monitor"]
                return not bridges and not [one for one in channels if "~monitor~" in one or "~spy~" in one]

            await self.platform.until(look, "nothing of the supervisor is left in Asterisk")


async def press(wall: ConsoleOperator, talk: Talk, button: str) -> None:
    await wall.post(f"/wall/talks/{talk.call.id}/{button}", {})


async def lead(supervisor: Watched, button: str, fields: dict[str, str]) -> None:
    await supervisor.wall.post(f"/wall/taken/{supervisor.talk.call.id}/{button}", fields)


async def hears_all(leg: OutsideLeg, *tones: float) -> None:
    """Return when the last second heard held each of ``tones``."""

    def all_there(sound):
        last = sound[-RATE:]
        return len(last) == RATE and all(share_of_tone(last, hertz) > 0.1 for hertz in tones)

    await leg.hears(all_there, f"all of {tones}")


async def hears_none(leg: OutsideLeg, hertz: float) -> None:
    """Listen for one second more, which must not hold the tone."""
    heard = len(leg.heard())
    await leg.hears(lambda sound: len(sound) >= heard + RATE, "one more second")
    assert share_of_tone(leg.heard(1.0), hertz) < 0.001


@asynccontextmanager
async def watched(platform: Platform, button: str) -> AsyncIterator[Watched]:
    """A supervisor who has pressed ``button`` and answered."""
    await platform.ready_operators("sato")
    await platform.start()
    talk = await talking(platform)
    async with platform.at_desk("kanri", Role.SUPERVISOR) as wall:
        await press(wall, talk, button)
        phone = await platform.world.rung("phone", PHONE)
        await platform.world.answers(phone)
        await phone.listen()
        await says(platform, phone, SUPERVISOR_HERTZ)
        yield Watched(platform, talk, wall, phone)


async def adopted(platform: Platform, call: str) -> None:
    platform.kill()
    await platform.start()
    await stored(platform, call, "call_adopted")


async def stored(platform: Platform, call: str, kind: str) -> None:
    async def look() -> bool:
        return kind in await platform.kinds(call)

    await platform.until(look, f"{kind} is stored")


async def recorded(platform: Platform):
    """One second of the talk's recording that was said after this moment: Asterisk writes it in blocks, later."""
    (file,) = platform.settings.recordings_dir.glob("*.wav")
    begin = len(read(file))

    async def grown() -> bool:
        return len(read(file)) >= begin + 3 * RATE

    await platform.until(grown, "the recording goes on")
    return read(file)[begin + 2 * RATE : begin + 3 * RATE]


async def test_who_listens_hears_both_and_is_heard_by_neither_nor_recorded(platform: Platform):
    async with watched(platform, "listen") as supervisor:
        await supervisor.listening()
        assert share_of_tone(await recorded(platform), SUPERVISOR_HERTZ) < 0.001
        await supervisor.phone.hang_up()
        await supervisor.over()
        await supervisor.talk.both_hear_each_other()
        assert (await platform.at(supervisor.talk.call.id, Stage.TALK)).monitor is None


async def test_the_supervisor_goes_from_listening_to_whispering_to_barging_in_and_back_unrung(platform: Platform):
    async with watched(platform, "listen") as supervisor:
        await supervisor.listening()
        await press(supervisor.wall, supervisor.talk, "whisper")
        await supervisor.whispering()
        assert share_of_tone(await recorded(platform), SUPERVISOR_HERTZ) < 0.001, "a whisper is not recorded"
        await press(supervisor.wall, supervisor.talk, "barge-in")
        await supervisor.barging_in()
        await press(supervisor.wall, supervisor.talk, "listen")
        await supervisor.listening()
        await press(supervisor.wall, supervisor.talk, "stop")
        await supervisor.phone.is_over()
        await supervisor.over()
        await supervisor.talk.both_hear_each_other()


async def test_a_take_over_leaves_the_citizen_with_the_supervisor_and_the_operator_in_wrap_up(platform: Platform):
    async with watched(platform, "whisper") as supervisor:
        await supervisor.whispering()
        await press(supervisor.wall, supervisor.talk, "take-over")
        await supervisor.taken_over()
        assert (await platform.operator("sato")).state is OperatorState.WRAP_UP
        assert share_of_tone(await recorded(platform), SUPERVISOR_HERTZ) > 0.1, (
            "the talk goes on, and so does its recording"
        )
        await supervisor.phone.hang_up()
        await supervisor.talk.citizen.is_over()
        over = await platform.at(supervisor.talk.call.id, Stage.ENDED)
        assert over.operator == "kanri"
        await supervisor.over()


async def test_who_took_over_is_killed_over_and_puts_the_caller_back_who_waits_with_music_and_is_answered_again(
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
        await platform.ready_operators("suzuki")
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


@pytest.mark.parametrize("button", ["listen", "whisper", "barge-in"])
async def test_the_citizens_leaving_ends_what_the_supervisor_hears(platform: Platform, button: str):
    async with watched(platform, button) as supervisor:
        await hears_all(supervisor.phone, CITIZEN_HERTZ, OPERATOR_HERTZ)
        await supervisor.talk.citizen.hang_up()
        await supervisor.phone.is_over()
        await supervisor.talk.phone.is_over()
        await platform.at(supervisor.talk.call.id, Stage.WRAP_UP)
        await supervisor.over()


@pytest.mark.parametrize("button", ["listen", "whisper", "barge-in"])
async def test_kill_9_while_a_supervisor_is_there_is_noticed_by_nobody(platform: Platform, button: str):
    async with watched(platform, button) as supervisor:
        state = {"listen": supervisor.listening, "whisper": supervisor.whispering, "barge-in": supervisor.barging_in}
        await state[button]()
        await adopted(platform, supervisor.talk.call.id)
        await state[button]()
        await supervisor.phone.hang_up()
        await supervisor.over()
        await supervisor.talk.both_hear_each_other()


async def test_kill_9_in_a_take_over_ends_with_the_supervisor_in_the_call(platform: Platform):
    async with watched(platform, "listen") as supervisor:
        await supervisor.listening()
        await press(supervisor.wall, supervisor.talk, "take-over")
        await stored(platform, supervisor.talk.call.id, "monitor_changed")
        await adopted(platform, supervisor.talk.call.id)
        await supervisor.taken_over()
        await supervisor.phone.hang_up()
        await supervisor.talk.citizen.is_over()
        await platform.at(supervisor.talk.call.id, Stage.ENDED)
        await supervisor.over()


async def test_kill_9_while_the_supervisors_phone_rings_rings_on_and_its_answer_counts(platform: Platform):
    await platform.ready_operators("sato")
    await platform.start()
    talk = await talking(platform)
    async with platform.at_desk("kanri", Role.SUPERVISOR) as wall:
        await press(wall, talk, "listen")
        phone = await platform.world.rung("phone", PHONE)
        await stored(platform, talk.call.id, "monitor_started")
        await adopted(platform, talk.call.id)
        await platform.world.answers(phone)
        await phone.listen()
        await says(platform, phone, SUPERVISOR_HERTZ)
        await Watched(platform, talk, wall, phone).listening()


async def test_a_queue_closed_at_the_wall_turns_new_callers_away_also_after_a_restart(platform: Platform):
    await platform.start()
    async with platform.at_desk("kanri", Role.SUPERVISOR) as wall:
        await wall.post("/wall/queues/enquiries/close", {})
    for _ in range(2):
        call, citizen = await in_the_menu(platform)
        await citizen.presses("1")
        assert (await platform.at(call.id, Stage.ENDED)).outcome is Outcome.CLOSED
        platform.kill()
        await platform.start()


async def test_a_supervisors_pause_holds_on_a_real_exchange(platform: Platform):
    await platform.ready_operators("sato")
    await platform.start()
    async with platform.at_desk("kanri", Role.SUPERVISOR) as wall:
        await wall.post("/wall/operators/sato/pause", {"reason": "研修"})

        async def paused() -> bool:
            return (await platform.operator("sato")).state is OperatorState.PAUSED

        await platform.until(paused, "the pause")
        platform.kill()
        await platform.start()
        assert (await platform.operator("sato")).reason == "研修"
