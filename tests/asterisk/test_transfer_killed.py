"""kill -9 of the controller at each step of an attended transfer: all go on as they are, and the buttons work."""

from __future__ import annotations

from kernel.call import Stage
from kernel.transfer import Step
from tests.asterisk.test_transfer import consulting
from tests.support.platform import Platform
from tests.support.supervised import adopted
from tests.support.talk import CITY_HERTZ, says


async def test_while_the_department_rings_it_rings_on_and_its_answer_counts(platform: Platform):
    async with consulting(platform) as asked:
        await adopted(platform, asked.id)
        await asked.talk.citizen.hears_music()
        await asked.answers()
        await asked.apart()


async def test_an_answer_while_no_controller_is_there_becomes_a_consultation(platform: Platform):
    async with consulting(platform) as asked:
        platform.kill()
        await platform.world.answers(asked.city)
        await asked.city.end.up.wait()
        await adopted(platform, asked.id)
        await asked.city.listen()
        await says(platform, asked.city, CITY_HERTZ)
        await asked.at(Step.TALKING)
        await asked.apart()


async def test_while_operator_and_department_talk_they_go_on_and_the_caller_is_put_through_by_the_next(
    platform: Platform,
):
    async with consulting(platform) as asked:
        await asked.answers()
        await asked.apart()
        await adopted(platform, asked.id)
        await asked.apart()
    async with platform.at_desk() as desk:
        await desk.transfer(asked.id, "complete")
        await asked.put_through()


async def test_of_three_who_talk_nobody_notices_and_the_operator_gets_the_caller_back(platform: Platform):
    async with consulting(platform) as asked:
        await asked.answers()
        await asked.press("three")
        await asked.three()
        await adopted(platform, asked.id)
        await asked.three()
    async with platform.at_desk() as desk:
        await desk.transfer(asked.id, "cancel-consult")
        await asked.city.is_over()
        await asked.back()


async def test_once_it_is_completed_caller_and_department_talk_on_to_the_end(platform: Platform):
    async with consulting(platform) as asked:
        await asked.answers()
        await asked.press("complete")
        await asked.put_through()
        await adopted(platform, asked.id)
        await asked.put_through()
        await asked.city.hang_up()
        await asked.talk.citizen.is_over()
        await platform.at(asked.id, Stage.WRAP_UP)


async def test_a_department_that_hangs_up_while_no_controller_is_there_gives_the_caller_back(platform: Platform):
    async with consulting(platform) as asked:
        await asked.answers()
        await asked.apart()
        platform.kill()
        await asked.city.hang_up()
        await adopted(platform, asked.id)
        await asked.back()
