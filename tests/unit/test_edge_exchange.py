"""What the exchange does when Asterisk can't, does not answer, or has lost what was there a moment ago."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from dialplan.ari import exchange
from dialplan.ari.client import connect
from dialplan.ari.errors import Refused
from dialplan.ari.exchange import AriSwitch
from dialplan.switch import NotAnswered
from kernel.call import Call, Stage
from tests.support.fake_asterisk import PASSWORD, FakeConnection, application, channel, fake_asterisk

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
CALL = Call("c-1", NOON, "0466251111", stage=Stage.WAIT)
LEG = "c-1~operator~sato~1"
FOLLOWED = "applications/denwa/subscription"


class NoPrompts:
    async def media(self, text: str, language: str = "ja", *, slowly: bool = False) -> str:
        raise AssertionError("nothing is said here")


@asynccontextmanager
async def switch():
    async with fake_asterisk() as fake, connect(fake.settings, PASSWORD) as ari:
        yield AriSwitch(ari, NoPrompts(), lambda: NOON), await fake.connected()


async def asked(asterisk: FakeConnection, method: str, path: str) -> dict[str, Any]:
    request = await asterisk.asked()
    assert (request["method"], request["uri"].partition("?")[0].strip("/").replace("%7E", "~")) == (method, path)
    return request


async def test_a_phone_that_asterisk_finds_no_way_to_has_not_answered_and_the_caller_waits_on():
    async with switch() as (one, asterisk):
        ringing = asyncio.create_task(one.ring(LEG, "7001", "", 15))
        await asterisk.refuse(await asked(asterisk, "POST", "channels"), 500, "Internal Server Error")
        await asterisk.refuse(await asked(asterisk, "POST", FOLLOWED), 422, "EventSource does not exist")
        with pytest.raises(NotAnswered, match="unreachable"):
            await ringing


async def test_a_wrong_request_is_the_failure_of_the_call_and_no_unreachable_phone():
    async with switch() as (one, asterisk):
        ringing = asyncio.create_task(one.ring(LEG, "7001", "", 15))
        await asterisk.refuse(await asked(asterisk, "POST", "channels"), 400, "Bad Request")
        await asterisk.refuse(await asked(asterisk, "POST", FOLLOWED), 422, "EventSource does not exist")
        with pytest.raises(Refused):
            await ringing


async def test_a_leg_that_is_there_already_and_does_not_answer_is_not_waited_for_for_ever(monkeypatch):
    monkeypatch.setattr(exchange, "RING_GRACE_SECONDS", 0.01)
    async with switch() as (one, asterisk):
        ringing = asyncio.create_task(one.ring(LEG, "7001", "", 0))
        await asterisk.refuse(await asked(asterisk, "POST", "channels"), 409, "already exists")
        await asterisk.answer(await asked(asterisk, "POST", FOLLOWED), application())
        await asterisk.answer(await asked(asterisk, "GET", f"channels/{LEG}"), channel(LEG, "Ringing"))
        answered = asyncio.create_task((await ringing).answered())
        await asterisk.answer(await asked(asterisk, "DELETE", f"channels/{LEG}"), status=204)
        with pytest.raises(NotAnswered, match="no_answer"):
            await answered


async def test_a_phone_that_was_answered_counts_when_it_is_in_our_hands_and_not_before():
    """A controller that comes meanwhile finds it up, on its way through Asterisk's dialplan, and could not move it."""
    async with switch() as (one, asterisk):
        finding = asyncio.create_task(one.find(LEG))
        there = channel(LEG, "Up")
        there["dialplan"] = {"context": "rung", "exten": "s", "priority": 5, "app_name": "Wait"}
        await asterisk.answer(await asked(asterisk, "GET", f"channels/{LEG}"), there)
        await asterisk.answer(await asked(asterisk, "POST", FOLLOWED), application())
        await asterisk.answer(await asked(asterisk, "GET", f"channels/{LEG}"), there)
        leg = await finding
        assert leg is not None
        assert not leg.is_up
        await asterisk.send("StasisStart", channel=channel(LEG, "Up"), args=["rung"])
        await leg.answered()
        assert leg.is_up


async def test_a_phone_that_is_gone_before_anybody_listened_to_it_has_not_answered():
    async with switch() as (one, asterisk):
        ringing = asyncio.create_task(one.ring(LEG, "7001", "", 15))
        await asterisk.refuse(await asked(asterisk, "POST", "channels"), 409, "already exists")
        await asterisk.refuse(await asked(asterisk, "POST", FOLLOWED), 422, "EventSource does not exist")
        await asterisk.refuse(await asked(asterisk, "GET", f"channels/{LEG}"), 404, "Channel not found")
        await asterisk.answer(await asked(asterisk, "GET", "asterisk/variable"), {"value": ""})
        with pytest.raises(NotAnswered):
            await (await ringing).answered()


async def test_a_caller_of_whom_asterisk_does_not_say_whether_he_is_there_fails_instead_of_waiting_for_ever():
    async with switch() as (one, asterisk):
        line = one.line(CALL)
        await asterisk.refuse(await asked(asterisk, "GET", "channels/c-1"), 500, "Internal Server Error")
        with pytest.raises(Refused):
            await line.gone()
        line.release()


@pytest.mark.parametrize(("told", "silent"), [(16, False), (44, True)])
async def test_why_a_phone_is_gone_is_waited_for_and_tells_a_hang_up_from_a_page_that_fell_silent(told, silent):
    async with switch() as (one, asterisk):
        finding = asyncio.create_task(one.find(LEG))
        await asterisk.answer(await asked(asterisk, "GET", f"channels/{LEG}"), channel(LEG, "Up"))
        leg = await finding
        assert leg is not None
        gone = asyncio.create_task(leg.gone())
        await asterisk.send("StasisEnd", channel=channel(LEG, "Up"))
        await asterisk.send("ChannelDestroyed", channel=channel(LEG, "Up"), cause=told, cause_txt="")
        await gone
        assert leg.fell_silent is silent
