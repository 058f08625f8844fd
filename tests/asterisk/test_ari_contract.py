"""The Asterisk by hand of the unit tests does what the real one does: the same cases on both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from dialplan.ari.client import connect
from dialplan.ari.errors import ConnectionLost, NotFound, Replaced, Unauthorized
from kernel.settings import Ari as AriSettings
from tests.support.asterisk import Instance
from tests.support.fake_asterisk import PASSWORD, FakeAsterisk, channel, fake_asterisk


@dataclass
class Peer:
    settings: AriSettings
    password: str


async def serve_pings(fake: FakeAsterisk) -> None:
    """Answer pings, and know nothing else: what a test by hand would do request by request."""
    async with asyncio.TaskGroup() as tasks:
        while True:
            tasks.create_task(_serve(await fake.connected()))


async def _serve(connection: Any) -> None:
    while True:
        request = await connection.asked()
        if request["uri"] == "asterisk/ping":
            await connection.answer(request, {"ping": "pong", "timestamp": "", "asterisk_id": ""})
        else:
            await connection.refuse(request, 404, "Channel not found")


@asynccontextmanager
async def by_hand(_: Instance) -> AsyncIterator[Peer]:
    async with fake_asterisk() as fake:
        serving = asyncio.create_task(serve_pings(fake))
        yield Peer(fake.settings, PASSWORD)
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


@asynccontextmanager
async def real(centre: Instance) -> AsyncIterator[Peer]:
    yield Peer(centre.settings.ari, centre.ari_password)


@pytest.fixture(params=[by_hand, real], ids=["by hand", "real"])
async def peer(request: pytest.FixtureRequest, centre: Instance) -> AsyncIterator[Peer]:
    async with request.param(centre) as one:
        yield one


async def test_a_wrong_password_is_refused(peer):
    with pytest.raises(Unauthorized):
        async with connect(peer.settings, "wrong"):
            pass


async def test_a_request_is_answered(peer):
    async with connect(peer.settings, peer.password) as ari:
        await ari.asterisk.ping()


async def test_a_channel_that_nobody_knows_is_not_found(peer):
    async with connect(peer.settings, peer.password) as ari:
        with pytest.raises(NotFound, match=r"GET /channels/nobody: 404 Channel not found"):
            await ari.channels.get("nobody")


async def test_a_second_connection_replaces_the_first_and_is_not_disturbed_by_its_end(peer):
    async with connect(peer.settings, peer.password) as first, connect(peer.settings, peer.password) as second:
        assert isinstance(await first.closed(), Replaced)
        await first.close()
        await second.asterisk.ping()


async def test_after_leaving_nothing_is_asked_any_more(peer):
    async with connect(peer.settings, peer.password) as ari:
        await ari.close()
        with pytest.raises(ConnectionLost):
            await ari.asterisk.ping()


@pytest.mark.parametrize("uri", ["asterisk/ping", "channels/nobody"])
async def test_answers_have_the_same_fields(uri, centre):
    shapes = []
    for kind in (by_hand, real):
        async with kind(centre) as peer, aiohttp.ClientSession() as session:
            secret = {"Authorization": aiohttp.encode_basic_auth(peer.settings.user, peer.password)}
            url = f"{peer.settings.url}/ari/events"
            async with session.ws_connect(url, params={"app": peer.settings.app}, headers=secret) as ws:
                await ws.send_json({"type": "RESTRequest", "request_id": "7", "method": "GET", "uri": uri})
                answer = await ws.receive_json()
        shapes.append({name: type(value) for name, value in answer.items() if name != "asterisk_id"})
        assert answer["request_id"] == "7"
        assert answer["uri"] == uri
    assert shapes[0] == shapes[1]


async def test_a_channel_by_hand_has_the_fields_of_a_real_one(centre):
    async with connect(centre.settings.ari, centre.ari_password) as ari:
        await ari.channels.create("Local/*43@from-phones", "contract-channel")
        told = await centre.ari("GET", "/channels/contract-channel")
        await ari.channels.hangup("contract-channel")
    assert told.keys() == channel().keys()
    assert told["dialplan"].keys() == channel()["dialplan"].keys()
