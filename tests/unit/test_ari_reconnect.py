"""One connection after the other. The waits are recorded, not waited for."""

from __future__ import annotations

import asyncio
import socket as sockets
from contextlib import aclosing

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from dialplan.ari import reconnect
from dialplan.ari.backoff import FIRST_SECONDS, LONGEST_SECONDS, delay_seconds
from dialplan.ari.client import connect
from dialplan.ari.errors import Replaced, Why
from dialplan.ari.reconnect import connections
from kernel.settings import Ari as AriSettings
from tests.support.fake_asterisk import PASSWORD, fake_asterisk


class Waits:
    """Remembers each wait instead of waiting; ends the test's patience after ``most``."""

    def __init__(self, most: int = 100) -> None:
        self.seconds: list[float] = []
        self._most = most

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        if len(self.seconds) == self._most:
            raise Enough


class Enough(Exception):
    """The test has seen what it wanted."""


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_a_wait_is_never_longer_than_the_longest_and_never_nothing(failures, jitter):
    assert FIRST_SECONDS / 2 <= delay_seconds(failures, jitter) <= LONGEST_SECONDS


@given(st.integers(0, 100), st.floats(0, 1))
def test_without_jitter_waits_only_grow(failures, jitter):
    assert delay_seconds(failures, jitter) <= delay_seconds(failures, 0) <= delay_seconds(failures + 1, 0)


async def test_a_closed_connection_is_followed_by_another_after_a_short_wait():
    waits = Waits()
    async with fake_asterisk() as fake, aclosing(connections(fake.settings, PASSWORD, sleep=waits)) as tries:
        for _ in range(3):
            ari = await anext(tries)
            await (await fake.connected()).ws.close()
            assert (await ari.closed()).why is Why.CLOSED
    assert len(waits.seconds) == 2


async def test_connections_that_break_at_once_are_made_ever_more_slowly(monkeypatch):
    monkeypatch.setattr(reconnect.random, "random", lambda: 0.0)
    waits = Waits()
    async with fake_asterisk() as fake, aclosing(connections(fake.settings, PASSWORD, sleep=waits)) as tries:
        for _ in range(4):
            await anext(tries)
    assert waits.seconds == [0.2, 0.4, 0.8]


async def test_after_a_connection_that_stood_the_next_try_comes_soon(monkeypatch):
    monkeypatch.setattr(reconnect.random, "random", lambda: 0.0)
    monkeypatch.setattr(reconnect, "STEADY_SECONDS", 0.0)
    waits = Waits()
    async with fake_asterisk() as fake, aclosing(connections(fake.settings, PASSWORD, sleep=waits)) as tries:
        for _ in range(3):
            await anext(tries)
    assert waits.seconds == [0.1, 0.1]


async def test_each_failure_is_told_with_what_to_do_and_the_tries_go_on():
    with sockets.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings = AriSettings(port=free.getsockname()[1])
        waits = Waits(most=4)
        with capture_logs() as logs, pytest.raises(Enough):
            await anext(connections(settings, PASSWORD, sleep=waits))
    errors = [log for log in logs if log["log_level"] == "error"]
    assert [log["failures"] for log in errors] == [1, 2, 3, 4]
    assert all("denwa doctor" in log["why"] for log in errors)
    assert PASSWORD not in str(logs)


async def test_a_wrong_password_is_tried_again_since_it_may_be_put_right():
    waits = Waits(most=2)
    async with fake_asterisk() as fake:
        with capture_logs() as logs, pytest.raises(Enough):
            await anext(connections(fake.settings, "wrong", sleep=waits))
    assert "ari_password" in logs[0]["why"]


async def test_an_asterisk_that_comes_back_is_found():
    async with fake_asterisk() as fake:
        fake.refuses_with = 503

        async def comes_back(_: float) -> None:
            fake.refuses_with = None

        async with aclosing(connections(fake.settings, PASSWORD, sleep=comes_back)) as tries:
            assert (await anext(tries)).ended is None


async def test_a_controller_that_is_replaced_does_not_take_the_application_back():
    async with fake_asterisk() as fake, aclosing(connections(fake.settings, PASSWORD, sleep=Waits())) as tries:
        await anext(tries)
        async with connect(fake.settings, PASSWORD) as second:
            with pytest.raises(Replaced):
                await anext(tries)
            assert second.ended is None


async def test_closing_the_tries_leaves_asterisk():
    async with fake_asterisk() as fake:
        async with aclosing(connections(fake.settings, PASSWORD)) as tries:
            ari = await anext(tries)
        assert ari.ended is not None
        await (await fake.connected()).gone.wait()


async def test_a_controller_that_stops_in_the_middle_leaves_asterisk():
    async def drive(fake) -> None:
        async with aclosing(connections(fake.settings, PASSWORD)) as tries:
            async for _ in tries:
                await asyncio.Event().wait()

    async with fake_asterisk() as fake:
        driving = asyncio.create_task(drive(fake))
        connection = await fake.connected()
        driving.cancel()
        await asyncio.gather(driving, return_exceptions=True)
        await connection.gone.wait()
