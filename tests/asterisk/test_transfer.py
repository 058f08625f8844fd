"""相談転送 on a real Asterisk: who hears whom, judged by the tones that each says, and what is left of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from denwa.world.hearing import RATE, Sound, is_music, read, share_of_tone
from denwa.world.leg import OutsideLeg
from denwa.world.operator import ConsoleOperator
from dialplan.ari.rest.channels import HangupReason
from kernel.call import Call, Outcome, Stage
from kernel.operator import OperatorState
from kernel.transfer import Step
from tests.support.platform import Platform
from tests.support.supervised import hears_all
from tests.support.talk import CITIZEN_HERTZ, CITY_HERTZ, OPERATOR_HERTZ, Talk, says, talking

EXTENSION = "2301"


@dataclass
class Consulted:
    """A talk, the operator's desk, and the department that is asked."""

    platform: Platform
    talk: Talk
    desk: ConsoleOperator
    city: OutsideLeg

    @property
    def id(self) -> str:
        return self.talk.call.id

    async def answers(self) -> None:
        await self.platform.world.answers(self.city)
        await self.city.listen()
        await says(self.platform, self.city, CITY_HERTZ)
        await self.at(Step.TALKING)

    async def press(self, button: str) -> None:
        await self.desk.transfer(self.id, button)

    async def at(self, step: Step) -> Call:
        async def look() -> Call | None:
            call = await self.platform.store.calls.find(self.id)
            return call if call and call.transfer and call.transfer.step is step else None

        return await self.platform.until(look, f"the transfer is at {step}")

    async def apart(self) -> None:
        """Operator and department hear each other, the caller music and neither of them."""
        await self.talk.phone.hears_tone(CITY_HERTZ)
        await self.city.hears_tone(OPERATOR_HERTZ)
        await music_alone(self.talk.citizen, OPERATOR_HERTZ, CITY_HERTZ)

    async def swapped(self) -> None:
        await self.talk.both_hear_each_other()
        await music_alone(self.city, OPERATOR_HERTZ)  # the citizen's tone is one of the music's own

    async def three(self) -> None:
        await hears_all(self.talk.citizen, OPERATOR_HERTZ, CITY_HERTZ)
        await hears_all(self.talk.phone, CITIZEN_HERTZ, CITY_HERTZ)
        await hears_all(self.city, CITIZEN_HERTZ, OPERATOR_HERTZ)

    async def put_through(self) -> None:
        await self.talk.phone.is_over()
        await self.talk.citizen.hears_tone(CITY_HERTZ)
        await self.city.hears_tone(CITIZEN_HERTZ)

    async def back(self) -> None:
        await self.platform.at(self.id, Stage.TALK)
        await self.talk.both_hear_each_other()

    async def nothing_is_left(self) -> None:
        async with self.platform.look_into_asterisk() as ari:

            async def look() -> bool:
                channels = [one.id for one in await ari.channels.list() if one.id.startswith(self.id)]
                bridges = [one.id for one in await ari.bridges.list() if one.id.startswith(self.id)]
                return not channels and not bridges

            await self.platform.until(look, "nothing of the call is left in Asterisk")


async def music_alone(leg: OutsideLeg, *tones: float) -> None:
    """Whoever speaks does so without end: a second of music that holds next to nothing of ``tones`` is music alone."""
    heard = len(leg.heard())

    def alone(sound: Sound) -> bool:
        last = sound[-RATE:]
        late = len(sound) >= heard + RATE
        return late and is_music(last) and all(share_of_tone(last, hertz) < 0.05 for hertz in tones)

    await leg.hears(alone, f"music without {tones}")


@asynccontextmanager
async def consulting(platform: Platform) -> AsyncIterator[Consulted]:
    """The department is being rung."""
    await platform.ready_operators("sato")
    await platform.start()
    async with platform.at_desk() as desk:
        talk = await talking(platform)
        await desk.consult(talk.call.id, EXTENSION)
        city = await platform.world.rung("pbx", EXTENSION)
        await platform.at(talk.call.id, Stage.CONSULT)
        yield Consulted(platform, talk, desk, city)


async def test_the_whole_way_with_swap_and_three_and_the_department_is_on_no_recording(platform: Platform):
    async with consulting(platform) as asked:
        await asked.talk.citizen.hears_music()
        assert "呼出中" in await asked.desk.desk()
        await asked.answers()
        await asked.apart()
        (file,) = platform.settings.recordings_dir.glob("*.wav")
        size = file.stat().st_size
        heard = len(asked.city.heard())
        await asked.city.hears(lambda sound: len(sound) > heard + RATE, "one more second")
        assert file.stat().st_size == size, "the recording is paused"
        await asked.press("swap")
        await asked.swapped()

        async def grows() -> bool:
            return file.stat().st_size > size

        await platform.until(grows, "recorded while the department is away")
        await asked.press("three")
        await asked.three()
        await asked.press("swap")
        await asked.apart()
        await asked.press("complete")
        await asked.put_through()
        sound = read(file)
        assert len(sound) > RATE
        blocks = [sound[at : at + RATE // 5] for at in range(0, len(sound) - RATE // 5, RATE // 10)]
        assert max(share_of_tone(block, CITY_HERTZ) for block in blocks) < 0.05, "the department is on the recording"
        assert (await platform.operator("sato")).state is OperatorState.WRAP_UP
        kinds = await platform.kinds(asked.id)
        assert kinds.index("recording_stopped") < kinds.index("hand_over_answered")
        await asked.city.hang_up()
        await asked.talk.citizen.is_over()
        call = await platform.at(asked.id, Stage.WRAP_UP)
        assert call.outcome is Outcome.HANDED_OVER
        await asked.desk.finish_wrap_up(asked.id)
        await platform.at(asked.id, Stage.ENDED)
        await asked.nothing_is_left()


@pytest.mark.parametrize(
    ("cause", "why", "word"),
    [
        ("busy", "busy", "話中"),
        ("rejected", "declined", "拒否"),
        ("congestion", "unreachable", "不通"),
        ("unallocated", "no_such_number", "番号なし"),
    ],
)
async def test_a_department_that_refuses_gives_the_caller_back_and_the_desk_says_why(
    platform: Platform, cause: HangupReason, why: str, word: str
):
    async with consulting(platform) as asked:
        await asked.city.ari.channels.hangup(asked.city.id, cause)
        await asked.back()
        ended = await platform.store.events.of_call(asked.id)
        assert [one.event.data["why"] for one in ended if one.event.kind == "consult_ended"] == [why]
        assert f"内線{EXTENSION}: {word}" in await asked.desk.desk()


async def test_a_department_that_hangs_up_in_the_talk_gives_the_caller_back(platform: Platform):
    async with consulting(platform) as asked:
        await asked.answers()
        await asked.apart()
        await asked.city.hang_up()
        await asked.back()


async def test_cancelled_while_it_rings_the_department_stops_ringing(platform: Platform):
    async with consulting(platform) as asked:
        await asked.press("cancel-consult")
        await asked.city.is_over()
        await asked.back()


async def test_an_operator_who_hangs_up_after_the_answer_has_put_the_caller_through(platform: Platform):
    async with consulting(platform) as asked:
        await asked.answers()
        await asked.apart()
        await asked.talk.phone.hang_up()
        await asked.put_through()
        await asked.talk.citizen.hang_up()
        await asked.city.is_over()


async def test_an_operator_who_hangs_up_while_it_rings_lets_it_ring_on_for_the_caller(platform: Platform):
    async with consulting(platform) as asked:
        await asked.talk.phone.hang_up()
        await platform.at(asked.id, Stage.HAND_OVER)
        await asked.talk.citizen.hears_music()
        await platform.world.answers(asked.city)
        await asked.city.listen()
        await says(platform, asked.city, CITY_HERTZ)
        await asked.put_through()


@pytest.mark.parametrize("answered", [False, True])
async def test_a_caller_who_hangs_up_ends_it_for_all(platform: Platform, answered: bool):
    async with consulting(platform) as asked:
        if answered:
            await asked.answers()
        await asked.talk.citizen.hang_up()
        await asked.city.is_over()
        await asked.talk.phone.is_over()
        await platform.at(asked.id, Stage.WRAP_UP)
        await asked.desk.finish_wrap_up(asked.id)
        await asked.nothing_is_left()


async def test_a_blind_transfer_that_is_busy_rings_at_who_sent_it_and_says_why(platform: Platform):
    await platform.ready_operators("sato", "suzuki")
    await platform.start()
    async with platform.at_desk() as desk:
        talk = await talking(platform)
        await desk.hand_over(talk.call.id, EXTENSION)
        city = await platform.world.rung("pbx", EXTENSION)
        await talk.phone.is_over()
        await city.ari.channels.hangup(city.id, "busy")
        again = await platform.world.rung("phone", "7001")
        await talk.citizen.hears_music()
        assert "話中" in await desk.desk()
        await platform.world.answers(again)
        await again.listen()
        await says(platform, again, OPERATOR_HERTZ)
        await Talk(talk.call, talk.citizen, again).both_hear_each_other()
