"""Callers to whom the voicebot offers a link by SMS (T13), in virtual time."""

from __future__ import annotations

import pytest

from ivr.understanding.meaning import Candidate, Subject
from kernel.call import Stage
from kernel.centre import Centre
from kernel.events import EventKind
from kernel.settings import SmsSettings
from tests.support.centre_document import changed
from tests.support.house import house
from tests.support.speaking import FakeEars
from tests.support.spoken_to import MEANINGS, TAX, heard, says
from tests.support.voicebot_document import ANNOUNCEMENTS, VOICEBOT

pytestmark = pytest.mark.looptime

ON = SmsSettings(gateway="local")
MOBILE = "09012345678"
ADDRESS = "【藤沢市】受付時間 https://www.city.fujisawa.kanagawa.jp/"
WORDS = {
    "sms-offer": "SMSで案内のリンクをお送りしてよろしいですか。",
    "sms-sending": "お送りします。",
    "sms-mobile": "携帯電話からは、リンクをお送りできます。",
}
MEANS = {
    **MEANINGS,
    "時間": Subject((Candidate("topic:main:hours", "受付時間", 0.95),)),
    "場所": Subject((Candidate("topic:main:place", "場所", 0.95),)),
}


def centre(**announcements: str) -> Centre:
    bot = VOICEBOT["voicebots"]["main"]
    hours = {"id": "hours", "label": "受付時間", "words": ["何時まで"], "tells": "told-hours", "link": "hours"}
    place = {"id": "place", "label": "場所", "words": ["どこ"], "tells": "told-hours", "link": "place"}
    links = [{"id": id, "label": id, "text": ADDRESS} for id in ("hours", "place")]
    return Centre.model_validate(
        changed(
            announcements={**ANNOUNCEMENTS, **WORDS, **announcements},
            voicebots={"main": {**bot, "topics": [hours, place]}},
            number_leads=VOICEBOT["number_leads"],
            links=links,
        )
    )


async def asks(home, call="c-1", number=MOBILE):
    await home.controller()
    home.exchange.call(call, shows=number)
    await home.at(call, Stage.SPEAK)
    await home.until(lambda: bool(home.exchange.microphones.listened_to), "somebody who listens")


async def hears(home, id):
    await home.until(lambda: WORDS.get(id, ANNOUNCEMENTS.get(id)) in heard(home), id)


def a_house(**settings):
    return house(centre(), ears=FakeEars(MEANS, (TAX,)), sms=ON.model_copy(update=settings))


async def test_after_a_yes_the_link_is_written_to_the_callers_mobile_and_the_talk_goes_on():
    async with a_house() as home:
        await asks(home)
        await says(home, "時間")
        await hears(home, "sms-offer")
        assert not home.store.sms
        await says(home, "はい")
        await hears(home, "sms-sending")
        (sms,) = home.store.sms.values()
        assert (sms.call, sms.link, sms.number.digits, sms.text, sms.by) == ("c-1", "hours", MOBILE, ADDRESS, None)
        await hears(home, "voicebot-else")
        (asked,) = [one.event for one in home.store.stored if one.event.kind is EventKind.SMS_ASKED]
        assert asked.data == {"link": "hours", "how": "voicebot"}
        await says(home, "いいえ")
        await home.at("c-1", Stage.ENDED)
        assert not [one for one in home.store.stored if MOBILE in str(one.event)]


@pytest.mark.parametrize("answers", [("いいえ",), ("ごにょごにょ", "むにゃむにゃ"), ()])
async def test_without_a_clear_yes_nothing_is_sent_and_the_caller_is_asked_for_anything_else(answers):
    async with a_house() as home:
        await asks(home)
        await says(home, "時間", *answers)
        await hears(home, "voicebot-else")
        assert not home.store.sms
        assert heard(home).count(WORDS["sms-offer"]) == max(1, len(answers))


@pytest.mark.parametrize("number", ["0466251234", "+14155550100", "0120444444", "05012345678", "anonymous"])
async def test_who_shows_no_mobile_number_is_offered_none_and_told_once_why(number):
    async with a_house() as home:
        await asks(home, number=number)
        await says(home, "時間")
        await hears(home, "voicebot-else")
        await says(home, "はい", "場所")
        await home.until(lambda: heard(home).count(ANNOUNCEMENTS["voicebot-else"]) == 1, "the second answer")
        assert WORDS["sms-offer"] not in heard(home)
        assert heard(home).count(WORDS["sms-mobile"]) == 1
        assert not home.store.sms


async def test_a_link_is_offered_once_in_a_call():
    async with a_house() as home:
        await asks(home)
        await says(home, "時間", "いいえ", "はい", "場所")
        await home.until(lambda: heard(home).count(ANNOUNCEMENTS["voicebot-else"]) == 1, "the second answer")
        assert heard(home).count(WORDS["sms-offer"]) == 1


async def test_whom_a_new_controller_asks_anew_is_not_offered_a_second_one():
    async with a_house() as home:
        await asks(home)
        await says(home, "時間", "はい")
        await hears(home, "sms-sending")
        await home.kill()
        await home.controller()
        await home.until(lambda: bool(home.exchange.microphones.listened_to), "somebody who listens")
        await says(home, "場所")
        await home.until(lambda: heard(home).count(ANNOUNCEMENTS["voicebot-else"]) == 1, "the second answer")
        assert heard(home).count(WORDS["sms-offer"]) == 1
        assert [one.link for one in home.store.sms.values()] == ["hours"]


async def test_beyond_the_limit_of_the_day_none_is_offered():
    async with a_house(a_day=1) as home:
        await asks(home)
        await says(home, "時間", "はい", "いいえ")
        await home.at("c-1", Stage.ENDED)
        home.exchange.call("c-2", shows=MOBILE)
        await home.at("c-2", Stage.SPEAK)
        await home.until(lambda: bool(home.exchange.microphones.listened_to), "somebody who listens")
        await home.exchange.microphones.say("c-2", "時間")
        spoken = home.exchange.channels["c-2"].heard
        await home.until(lambda: ANNOUNCEMENTS["voicebot-else"] in spoken, "the answer")
        assert WORDS["sms-offer"] not in spoken
        assert len(home.store.sms) == 1


async def test_without_a_gateway_or_a_store_that_answers_none_is_offered_and_the_answer_is_told():
    for settings, unreadable in (({"gateway": "none"}, False), ({}, True)):
        async with a_house(**settings) as home:
            await asks(home)
            home.store.unreadable = unreadable
            await says(home, "時間")
            await hears(home, "voicebot-else")
            assert ANNOUNCEMENTS["told-hours"] in heard(home)
            assert not {*WORDS.values()} & {*heard(home)}
