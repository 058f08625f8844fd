"""One connection's life: who hears what, and how its end is told."""

from __future__ import annotations

import asyncio
import socket as sockets
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs

from dialplan.ari import client, router
from dialplan.ari.client import Ari, connect
from dialplan.ari.errors import ConnectionLost, Replaced, Unauthorized, Unreachable, Why
from dialplan.ari.events import ChannelStateChange, StasisEnd, StasisStart
from kernel.settings import Ari as AriSettings
from tests.support.fake_asterisk import PASSWORD, FakeConnection, channel, fake_asterisk


@asynccontextmanager
async def connected():
    async with fake_asterisk() as fake, connect(fake.settings, PASSWORD) as ari:
        yield ari, await fake.connected()


async def all_heard(ari: Ari, asterisk: FakeConnection) -> None:
    """Return when the client has read all that was sent before."""
    asking = asyncio.create_task(ari.asterisk.ping())
    await asterisk.answer(await asterisk.asked(), {"ping": "pong"})
    await asking


async def test_a_listener_hears_what_came_before_the_loss_and_then_of_the_loss_each_time_it_asks():
    async with connected() as (ari, asterisk):
        with ari.listen("one") as inbox:
            await asterisk.send("ChannelStateChange", channel=channel("two"))
            await asterisk.send("ChannelStateChange", channel=channel("one", "Up"))
            await asterisk.ws.close()
            assert (await ari.closed()).why is Why.CLOSED
            event = await inbox.get()
            assert isinstance(event, ChannelStateChange)
            assert (event.ids, event.state) == (("one",), "Up")
            for _ in range(2):
                with pytest.raises(ConnectionLost):
                    await inbox.get()


async def test_a_listener_that_waits_is_woken_by_the_loss():
    async with connected() as (ari, asterisk):
        with ari.listen("one") as inbox:
            waiting = asyncio.create_task(inbox.get())
            await asterisk.ws.close()
            with pytest.raises(ConnectionLost):
                await waiting


async def test_who_listens_after_the_loss_hears_of_it():
    async with connected() as (ari, asterisk):
        await asterisk.ws.close()
        await ari.closed()
        with ari.listen("one") as inbox, pytest.raises(ConnectionLost):
            await inbox.get()
        with ari.listen_all(StasisStart) as inbox, pytest.raises(ConnectionLost):
            await inbox.get()
        with pytest.raises(ConnectionLost):
            await anext(ari.arrivals())


async def test_arrivals_are_those_that_nobody_listens_to_and_keep_until_somebody_asks():
    async with connected() as (ari, asterisk):
        with ari.listen("ours") as inbox:
            for id in ("first", "ours", "second"):
                await asterisk.send("StasisStart", channel=channel(id), args=["inbound"])
            await all_heard(ari, asterisk)
            arrivals = ari.arrivals()
            assert [(await anext(arrivals)).channel.id for _ in range(2)] == ["first", "second"]
            assert isinstance(await inbox.get(), StasisStart)


async def test_listening_to_a_kind_does_not_take_arrivals_away():
    async with connected() as (ari, asterisk):
        with ari.listen_all(StasisStart, StasisEnd) as inbox:
            await asterisk.send("StasisStart", channel=channel("one"), args=[])
            await asterisk.send("ChannelStateChange", channel=channel("one"))
            await asterisk.send("StasisEnd", channel=channel("one"))
            assert [type(await inbox.get()) for _ in range(2)] == [StasisStart, StasisEnd]
        assert (await anext(ari.arrivals())).channel.id == "one"


async def test_an_event_that_concerns_two_of_our_ids_is_heard_once():
    async with connected() as (ari, asterisk):
        with ari.listen("one", "two") as inbox:
            await asterisk.send("StasisStart", channel=channel("one"), args=[], replace_channel=channel("two"))
            await asterisk.send("StasisEnd", channel=channel("two"))
            assert [type(await inbox.get()) for _ in range(2)] == [StasisStart, StasisEnd]


async def test_who_has_left_hears_nothing_more_and_may_leave_twice():
    async with connected() as (ari, asterisk):
        with ari.listen("one") as inbox:
            pass
        inbox.close()
        await asterisk.send("StasisStart", channel=channel("one"), args=[])
        assert (await anext(ari.arrivals())).channel.id == "one"


async def test_a_reader_that_is_too_far_behind_ends_the_connection_since_it_has_missed_events(monkeypatch):
    monkeypatch.setattr(client, "Router", lambda: router.Router(limit=3))
    with capture_logs() as logs:
        async with connected() as (ari, asterisk):
            inbox = ari.listen("one")
            for _ in range(4):
                await asterisk.send("ChannelStateChange", channel=channel("one"))
            lost = await ari.closed()
            assert lost.why is Why.OVERFLOW
            assert "ChannelStateChange found 3 events unread" in str(lost)
            for _ in range(3):
                await inbox.get()
            with pytest.raises(ConnectionLost):
                await inbox.get()
    assert [log["log_level"] for log in logs] == ["error"]


async def test_a_controller_that_is_replaced_is_told_so():
    async with (
        fake_asterisk() as fake,
        connect(fake.settings, PASSWORD) as first,
        connect(fake.settings, PASSWORD) as second,
    ):
        assert isinstance(await first.closed(), Replaced)
        with pytest.raises(Replaced):
            await first.channels.answer("one")
        assert second.ended is None


async def test_leaving_is_no_loss():
    with capture_logs() as logs:
        async with connected() as (ari, asterisk):
            pass
        assert ari.ended.why is Why.LEFT
        await asterisk.gone.wait()
        with pytest.raises(ConnectionLost):
            await ari.asterisk.ping()
    assert logs == []


async def test_a_peer_that_answers_no_ping_is_found_dead(monkeypatch):
    monkeypatch.setattr(client, "HEARTBEAT_SECONDS", 0.1)
    async with connected() as (ari, asterisk):
        asterisk.request.transport.pause_reading()
        assert (await ari.closed()).why is Why.SILENT


async def test_a_wrong_password_names_the_secret_and_does_not_show_it():
    async with fake_asterisk() as fake:
        with pytest.raises(Unauthorized, match="ari_password") as refused:
            async with connect(fake.settings, "wr0ng"):
                pass
        assert "wr0ng" not in str(refused.value)


async def test_an_asterisk_without_ari_says_what_to_check():
    async with fake_asterisk() as fake:
        fake.refuses_with = 404
        with pytest.raises(Unreachable, match="HTTP 404: is ARI enabled there"):
            async with connect(fake.settings, PASSWORD):
                pass


async def test_an_unreachable_asterisk_names_the_address_and_what_to_check():
    with sockets.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        with pytest.raises(Unreachable, match=rf"127\.0\.0\.1:{port}.*DENWA_ARI__PORT"):
            async with connect(AriSettings(port=port), PASSWORD):
                pass


async def test_an_asterisk_that_takes_the_connection_and_says_nothing_is_unreachable(monkeypatch):
    monkeypatch.setattr(client, "CONNECT_SECONDS", 0.05)
    with sockets.create_server(("127.0.0.1", 0)) as silent, pytest.raises(Unreachable, match="no answer in"):
        async with connect(AriSettings(port=silent.getsockname()[1]), PASSWORD):
            pass


async def test_a_connection_on_which_no_event_comes_is_ended_and_says_so(monkeypatch):
    monkeypatch.setattr("dialplan.ari.audition.HEAR_SECONDS", 0.05)
    async with fake_asterisk() as fake:
        fake.deaf = True
        async with connect(fake.settings, PASSWORD) as ari:
            assert (await ari.closed()).why is Why.DEAF


async def test_a_connection_on_which_events_come_is_kept(monkeypatch):
    monkeypatch.setattr("dialplan.ari.audition.EVERY_SECONDS", 0.0)
    async with fake_asterisk() as fake, connect(fake.settings, PASSWORD) as ari:
        connection = await fake.connected()
        while connection.proofs < 3:
            await asyncio.sleep(0)
        assert ari.ended is None
