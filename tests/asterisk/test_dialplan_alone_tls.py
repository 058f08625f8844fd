"""Trunks over TLS with encrypted audio: both sides check whom they talk to."""

import contextlib
from collections.abc import AsyncIterator
from ipaddress import IPv4Address

import aiohttp
import pytest

from asterisk_conf.certificate import ensure_certificate
from asterisk_conf.secrets import TLS_PEERS
from kernel.settings import Trunk
from tests.support.asterisk import TONES, World, free_network, make_world
from tests.support.sound import tone, write
from tests.support.telephones import connected, ring_up


@pytest.fixture
def tls_world(tmp_path_factory: pytest.TempPathFactory) -> World:
    net = free_network()
    trunks = {
        name: Trunk(host=IPv4Address(f"{net}.{place}"), port=5061, transport="tls", srtp=True)
        for place, name in ((2, "carrier"), (3, "city_pbx"))
    }
    return make_world(tmp_path_factory.mktemp("tls"), net=net, sip=trunks)


async def start(world: World) -> None:
    """The trunks first: a peer that does not answer at the centre's start is tried again only 10 s later."""
    await world.outside.start()
    await world.centre.start()


@pytest.fixture
async def running_world(tls_world: World) -> AsyncIterator[World]:
    await start(tls_world)
    await tls_world.reachable("carrier", "city-pbx")
    yield tls_world
    await tls_world.stop()


async def test_a_call_in_and_a_call_out_over_tls_are_heard(running_world, tmp_path):
    write(tmp_path / "voice.wav", tone(1400, 1.0))
    async with connected(running_world.outside) as outside:
        call = await ring_up(outside, "0466251111@centre-carrier", "0312345678")
        await call.listen()
        await call.hears(TONES["please_hold"])
        assert await call.variable("CHANNEL(rtp,secure)") == "1"
        async with connected(running_world.centre) as centre:
            leg = await ring_up(centre, "2001@city-pbx", "0312345678")
            rung = await outside.arrival("pbx", "2001")
            await rung.answer()
            await leg.up()
            await rung.listen()
            await leg.says(str(tmp_path / "voice"))
            await rung.hears(1400)


async def test_a_trunk_with_another_certificate_than_expected_is_not_called(tls_world, tmp_path):
    secrets = tls_world.centre.settings.secrets
    (secrets / TLS_PEERS).unlink()
    ensure_certificate(secrets / TLS_PEERS, tmp_path / "other.key", ["somebody.invalid"])
    await start(tls_world)
    try:
        await tls_world.centre.logged("The certificate is untrusted")
        async with connected(tls_world.centre) as centre, connected(tls_world.outside) as outside:
            # Once Asterisk knows that nobody is there whom it trusts, it does not even make a channel.
            with contextlib.suppress(aiohttp.ClientResponseError):
                leg = await ring_up(centre, "2001@city-pbx", "0312345678")
                await leg.gone()
            assert not [event for event in outside.seen if event["type"] == "StasisStart"]
    finally:
        await tls_world.stop()
