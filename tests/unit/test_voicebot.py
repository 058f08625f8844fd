"""Callers who say what their call is about, in virtual time."""

from __future__ import annotations

import asyncio

import pytest

from ivr.understanding.meaning import Subject
from kernel.call import Outcome, Stage
from kernel.centre import Centre
from tests.support.centre_document import changed
from tests.support.house import house
from tests.support.speaking import FakeEars, wanted
from tests.support.spoken_to import COUNCIL, MEANINGS, TAX, WASTE, centre, ears, filled, heard, says, spoken_to
from tests.support.voicebot_document import ANNOUNCEMENTS, VOICEBOT

pytestmark = pytest.mark.looptime


async def test_who_is_understood_is_put_through_to_the_department_at_once():
    async with house(centre(), ears=ears()) as home:
        home.phone("2301@city-pbx", answers_after=4)
        await spoken_to(home)
        await says(home, "税")
        call = await home.at("c-1", Stage.HAND_OVER)
        assert (call.extension, call.operator, call.queue) == ("2301", None, "enquiries")
        assert filled("voicebot-connect", name="しみんぜいか") in heard(home)
        await home.until(lambda: home.store.calls["c-1"].outcome is Outcome.HANDED_OVER, "the department")
        home.exchange.hang_up("c-1")
        call = await home.at("c-1", Stage.ENDED)
        assert call.outcome is Outcome.HANDED_OVER
        assert not home.exchange.recordings
        assert [kind for kind in home.store.kinds("c-1") if "operator" in kind] == []


async def test_who_is_fairly_sure_understood_is_asked_back_for():
    async with house(centre(), ears=ears()) as home:
        await spoken_to(home)
        await says(home, "税かな", "はい")
        await home.at("c-1", Stage.HAND_OVER)
        assert filled("voicebot-confirm", name="しみんぜいか") in heard(home)


async def test_of_two_that_are_as_likely_the_caller_chooses():
    async with house(centre(), ears=ears()) as home:
        await spoken_to(home)
        await says(home, "どの税", "資産")
        call = await home.at("c-1", Stage.HAND_OVER)
        assert call.extension == "2302"
        assert filled("voicebot-which", first="しみんぜいか", second="資産税課") in heard(home)


async def test_who_is_not_understood_twice_comes_to_a_person_with_what_was_said():
    async with house(centre(), ears=ears()) as home:
        await spoken_to(home)
        await says(home, "ごにょごにょ", "むにゃむにゃ")
        call = await home.at("c-1", Stage.WAIT)
        assert (call.queue, call.voicebot) == ("enquiries", "main")
        assert heard(home).count(ANNOUNCEMENTS["voicebot-narrow"]) == 1
        assert [one.text for one in home.store.said if one.speaker == "caller"] == ["ごにょごにょ", "むにゃむにゃ"]
        assert not any("ごにょ" in str(stored.event.data) for stored in home.store.stored), "words stand in no event"


async def test_who_wants_it_slower_hears_the_question_again_slowly_and_all_that_comes_after_it():
    async with house(centre(), ears=ears()) as home:
        await spoken_to(home)
        await says(home, "ゆっくり", "税かな", "はい")
        await home.at("c-1", Stage.HAND_OVER)
        ask = ANNOUNCEMENTS["voicebot-ask"]
        confirm, connect = (filled(id, name="しみんぜいか") for id in ("voicebot-confirm", "voicebot-connect"))
        assert heard(home)[-4:] == [ask, ask, confirm, connect]
        assert home.exchange.channels["c-1"].slow == [ask, confirm, connect]


async def test_who_wants_a_person_gets_one():
    async with house(centre(), ears=ears()) as home:
        await spoken_to(home)
        await says(home, "人")
        await home.at("c-1", Stage.WAIT)


async def test_who_speaks_another_language_waits_for_a_person_who_sees_which():
    async with house(centre(), ears=ears()) as home:
        await spoken_to(home)
        await says(home, "English")
        assert (await home.at("c-1", Stage.WAIT)).language == "en"


async def test_silence_is_asked_again_and_then_comes_to_a_person():
    async with house(centre(), ears=ears()) as home:
        await spoken_to(home)
        await home.at("c-1", Stage.WAIT)
        assert heard(home).count(ANNOUNCEMENTS["voicebot-narrow"]) == 1


async def test_a_filler_is_listened_through_and_nothing_is_said_meanwhile():
    async with house(centre(), ears=ears()) as home:
        await spoken_to(home)
        await says(home, "えーと")
        said = list(heard(home))
        await says(home, "税")
        await home.at("c-1", Stage.HAND_OVER)
        assert heard(home)[: len(said)] == said
        assert heard(home)[len(said) :] == [filled("voicebot-connect", name="しみんぜいか")]


async def test_out_of_a_departments_hours_the_caller_is_told_and_waits_for_a_person():
    async with house(centre(), ears=ears()) as home:
        await spoken_to(home)
        await says(home, "ごみ")
        await home.at("c-1", Stage.WAIT)
        assert filled("voicebot-closed", name=WASTE.name) in heard(home)


async def test_who_wants_a_body_that_nobody_is_put_through_to_hears_its_number_twice():
    async with house(centre(), ears=ears()) as home:
        await spoken_to(home)
        await says(home, "社協")
        call = await home.at("c-1", Stage.ENDED)
        assert (call.outcome, call.operator) == (Outcome.LEFT_MENU, None)
        assert heard(home).count(filled("tell-number", name=COUNCIL.name)) == 2
        assert heard(home)[-1] == ANNOUNCEMENTS["tell-goodbye"]
        assert not [id for id, channel in home.exchange.channels.items() if channel.alive]


async def test_a_department_that_does_not_answer_gives_the_caller_to_the_queue():
    async with house(centre(), ears=ears()) as home:
        home.phone("2301@city-pbx", refuses="busy")
        await spoken_to(home)
        await says(home, "税")
        call = await home.at("c-1", Stage.WAIT)
        assert (call.queue, call.transfer and call.transfer.reason) == ("enquiries", "busy")


async def test_a_caller_who_hangs_up_while_the_department_rings_leaves_no_ringing_phone():
    async with house(centre(), ears=ears()) as home:
        home.phone("2301@city-pbx", answers_after=20)
        await spoken_to(home)
        await says(home, "税")
        await home.at("c-1", Stage.HAND_OVER)
        await asyncio.sleep(2)
        home.exchange.hang_up("c-1")
        await home.at("c-1", Stage.ENDED)
        assert not [id for id, channel in home.exchange.channels.items() if channel.alive]


async def test_a_topic_tells_and_asks_whether_there_is_anything_else():
    means = {**MEANINGS, "時間": wanted_topic("hours")}
    async with house(centre(), ears=FakeEars(means, (TAX,))) as home:
        await spoken_to(home)
        await says(home, "時間")
        await home.until(lambda: ANNOUNCEMENTS["voicebot-else"] in heard(home), "the question")
        assert ANNOUNCEMENTS["told-hours"] in heard(home)
        await says(home, "いいえ")
        assert (await home.at("c-1", Stage.ENDED)).outcome is Outcome.LEFT_MENU
        assert heard(home)[-1] == ANNOUNCEMENTS["voicebot-goodbye"]


async def test_who_is_silent_when_there_is_nothing_else_hears_a_goodbye_and_an_older_centre_has_none():
    means = {**MEANINGS, "時間": wanted_topic("hours")}
    for texts in ANNOUNCEMENTS, {id: text for id, text in ANNOUNCEMENTS.items() if id != "voicebot-goodbye"}:
        document = Centre.model_validate(changed(**VOICEBOT | {"announcements": texts}))
        async with house(document, ears=FakeEars(means, (TAX,))) as home:
            await spoken_to(home)
            await says(home, "時間")
            await home.at("c-1", Stage.ENDED)
            assert heard(home)[-1] == texts.get("voicebot-goodbye", texts["voicebot-else"])


def wanted_topic(id: str) -> Subject:
    (candidate,) = wanted(**{id: 0.95}).candidates
    return Subject((type(candidate)(f"topic:main:{id}", id, 0.95),))


async def test_a_key_of_the_menu_holds_while_the_voicebot_speaks():
    async with house(centre(), ears=ears()) as home:
        await spoken_to(home)
        home.exchange.press("c-1", "2")
        call = await home.at("c-1", Stage.WAIT)
        assert (call.queue, call.keys) == ("exchange", ("2",))
