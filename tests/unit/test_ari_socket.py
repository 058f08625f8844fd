"""Requests and answers over one socket."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from dialplan.ari import decode, socket
from dialplan.ari.client import connect
from dialplan.ari.errors import Conflict, ConnectionLost, NoReply, NotFound, Overloaded, Refused, Why
from dialplan.switch import Detached
from tests.support.fake_asterisk import PASSWORD, channel, fake_asterisk


@asynccontextmanager
async def connected():
    async with fake_asterisk() as fake, connect(fake.settings, PASSWORD) as ari:
        yield ari, await fake.connected()


async def test_answers_in_another_order_reach_those_who_asked():
    async with connected() as (ari, asterisk):
        asking = [asyncio.create_task(ari.channels.get(id)) for id in ("one", "two", "three")]
        asked = [await asterisk.asked() for _ in asking]
        for request in reversed(asked):
            await asterisk.answer(request, channel(request["uri"].removeprefix("channels/")))
        assert [one.id for one in await asyncio.gather(*asking)] == ["one", "two", "three"]


async def test_all_that_was_asked_fails_when_asterisk_closes_and_so_does_what_is_asked_later():
    async with connected() as (ari, asterisk):
        asking = [asyncio.create_task(ari.channels.answer(id)) for id in ("one", "two")]
        await asterisk.asked()
        await asterisk.asked()
        await asterisk.ws.close()
        failures = await asyncio.gather(*asking, return_exceptions=True)
        assert [failure.why for failure in failures] == [Why.CLOSED, Why.CLOSED]
        assert failures[0] is not failures[1]
        with pytest.raises(ConnectionLost):
            await ari.channels.answer("three")


async def test_a_loss_of_the_connection_means_to_the_stages_that_they_are_detached():
    async with connected() as (ari, asterisk):
        await asterisk.ws.close()
        with pytest.raises(Detached):
            await ari.channels.answer("one")


async def test_a_request_without_an_answer_says_what_was_asked_and_a_late_answer_disturbs_nobody(
    monkeypatch,
):
    monkeypatch.setattr(socket, "REQUEST_SECONDS", 0.05)
    async with connected() as (ari, asterisk):
        with pytest.raises(NoReply, match="POST /channels/one/answer"):
            await ari.channels.answer("one")
        monkeypatch.setattr(socket, "REQUEST_SECONDS", 30)
        await asterisk.answer(await asterisk.asked())
        asking = asyncio.create_task(ari.channels.get("two"))
        await asterisk.answer(await asterisk.asked(), channel("two"))
        assert (await asking).id == "two"


async def test_who_stops_waiting_leaves_the_others_alone():
    async with connected() as (ari, asterisk):
        first, second = (asyncio.create_task(ari.channels.get(id)) for id in ("one", "two"))
        asked = [await asterisk.asked(), await asterisk.asked()]
        first.cancel()
        for request in asked:
            await asterisk.answer(request, channel("two"))
        assert (await second).id == "two"
        assert first.cancelled()


@pytest.mark.parametrize("what", ["Channel", "Bridge"])
async def test_what_asterisk_has_taken_from_us_is_not_found(what):
    async with connected() as (ari, asterisk):
        asking = asyncio.create_task(ari.channels.answer("one"))
        await asterisk.refuse(await asterisk.asked(), 409, f"{what} not in Stasis application")
        with pytest.raises(NotFound):
            await asking


@pytest.mark.parametrize(
    ("status", "kind"),
    [(404, NotFound), (409, Conflict), (412, Conflict), (503, Overloaded), (400, Refused), (500, Refused)],
)
async def test_a_refusal_names_what_was_asked_without_the_number_in_it(status, kind):
    async with connected() as (ari, asterisk):
        asking = asyncio.create_task(ari.channels.originate("PJSIP/0466509999@carrier", "out-1"))
        await asterisk.refuse(await asterisk.asked(), status, "Not today")
        with pytest.raises(Refused, match=rf"POST /channels: {status} Not today") as refused:
            await asking
        assert type(refused.value) is kind
        assert "0466509999" not in str(refused.value)


async def test_a_refusal_without_a_body_is_named_by_its_reason():
    async with connected() as (ari, asterisk):
        asking = asyncio.create_task(ari.channels.answer("one"))
        await asterisk.answer(await asterisk.asked(), status=500, reason="Internal Server Error")
        with pytest.raises(Refused, match="500 Internal Server Error"):
            await asking


async def test_a_message_that_cannot_be_read_is_told_and_the_next_one_is_heard():
    async with connected() as (ari, asterisk):
        before = REGISTRY.get_sample_value("denwa_ari_unreadable_messages_total")
        with capture_logs() as logs, ari.listen("one") as inbox:
            await asterisk.ws.send_str('{"caller": "0466509999"')
            await asterisk.ws.send_str("[1]")
            await asterisk.send("StasisEnd", channel=channel("one"))
            assert (await inbox.get()).ids == ("one",)
        assert REGISTRY.get_sample_value("denwa_ari_unreadable_messages_total") == before + 2
        assert len(logs) == 2
        assert "0466509999" not in str(logs)


async def test_a_reader_that_fails_is_told_and_ends_the_connection(monkeypatch):
    def fails(_):
        raise RuntimeError("a fault of ours")

    async with connected() as (ari, asterisk):
        monkeypatch.setattr(decode, "parse", fails)
        asking = asyncio.create_task(ari.channels.answer("one"))
        await asterisk.asked()
        with capture_logs() as logs:
            await asterisk.send("StasisEnd", channel=channel())
            with pytest.raises(ConnectionLost) as lost:
                await asking
        assert lost.value.why is Why.READER_FAILED
        assert logs[0]["log_level"] == "error"
        await asterisk.gone.wait()


async def test_the_password_is_in_a_header_and_not_in_the_address():
    async with connected() as (_, asterisk):
        assert asterisk.request.headers["Authorization"].startswith("Basic ")
        assert dict(asterisk.request.query) == {"app": "denwa", "subscribeAll": "false"}


async def test_asterisk_is_asked_for_no_other_events_than_those_that_are_used():
    async with connected() as (_, asterisk):
        assert "StasisStart" in asterisk.filter
        assert "RESTResponse" in asterisk.filter
        assert "ChannelVarset" not in asterisk.filter
