"""A house whose voicebot asks callers, and what they say to it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from ivr.understanding.meaning import Filler, Meaning, No, OtherLanguage, Person, Slower, Subject, Yes
from kernel.call import Stage
from kernel.centre import Centre, Hours
from kernel.directory import Entry
from tests.support.centre_document import changed
from tests.support.house import House
from tests.support.speaking import FakeEars, wanted
from tests.support.voicebot_document import ANNOUNCEMENTS, VOICEBOT

CLOSED = Hours(week={})
TAX = Entry("tax", "市民税課", reading="しみんぜいか", extension="2301", subjects=("住民税",))
WASTE = Entry("waste", "環境事業センター", extension="2401", hours=CLOSED)
ASSETS = Entry("assets", "資産税課", extension="2302")
COUNCIL = Entry("council", "社会福祉協議会", extension="", outside="0466-00-0000", tellable=True)
MEANINGS: Mapping[str, Meaning] = {
    "税": wanted(tax=0.95),
    "税かな": wanted(tax=0.7),
    "どの税": wanted(tax=0.6, assets=0.58),
    "ごみ": wanted(waste=0.95),
    "社協": wanted(council=0.95),
    "資産": wanted(assets=0.9),
    "時間": Subject((*wanted(**{"x": 0.99}).candidates,)),
    "はい": Yes(),
    "いいえ": No(),
    "えーと": Filler(),
    "人": Person(),
    "ゆっくり": Slower(),
    "English": OtherLanguage("en"),
}


def ears(**changes: object) -> FakeEars:
    return FakeEars(MEANINGS, (TAX, WASTE, ASSETS, COUNCIL), **changes)


def centre() -> Centre:
    return Centre.model_validate(changed(**VOICEBOT))


async def spoken_to(home: House, call: str = "c-1") -> None:
    """A caller whom the voicebot asks."""
    await home.controller()
    home.exchange.call(call)
    await home.at(call, Stage.SPEAK)
    await home.until(lambda: bool(home.exchange.microphones.listened_to), "somebody who listens")


async def says(home: House, *texts: str, seconds: float = 1.0) -> None:
    """After each prompt."""
    for text in texts:
        await asyncio.sleep(3)
        await home.exchange.microphones.say("c-1", text, seconds)


def heard(home: House) -> list[str]:
    return home.exchange.channels["c-1"].heard


def filled(id: str, **names: str) -> str:
    return ANNOUNCEMENTS[id].format(**names)
