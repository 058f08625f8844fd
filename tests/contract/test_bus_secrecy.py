"""The bus on Redis gives its password to nobody but the server that it is meant for."""

import asyncio
import ssl
from contextlib import asynccontextmanager

import pytest

from bench.servers.certificate import server_files
from bench.servers.redis import running_redis
from kernel.bus.errors import BadBusAddress, BusUnavailable
from kernel.bus.streams import StreamsBus
from tests.support.bus_messages import click, happened, take


async def test_a_wrong_password_is_told_and_not_repeated(tmp_path):
    async with running_redis(tmp_path) as redis:
        bus = StreamsBus(redis.url.replace(redis.password, "not-the-password"))
        with pytest.raises(BusUnavailable, match=r"(?i)password") as refused:
            await bus.publish_event(happened(1))
        assert "not-the-password" not in str(refused.value)
        await bus.close()


async def test_over_tls_events_and_clicks_arrive(tmp_path):
    async with running_redis(tmp_path, tls=True) as redis:
        bus = StreamsBus(redis.url)
        async with bus.events() as events, bus.commands() as commands:
            await bus.publish_event(happened(1))
            await bus.publish_command(click(1))
            assert await take(events, 1) == [happened(1)]
            assert await take(commands, 1) == [click(1)]
        await bus.close()


async def test_a_server_whose_certificate_nobody_signed_gets_no_password(tmp_path):
    async with running_redis(tmp_path, tls=True) as redis:
        bus = StreamsBus(redis.url.partition("?")[0])
        with pytest.raises(BusUnavailable, match=r"(?i)certificate"):
            await bus.publish_event(happened(1))
        await bus.close()


async def test_a_server_that_knows_only_old_tls_gets_no_password(tmp_path):
    async with old_tls_server(server_files(tmp_path)) as (port, connected):
        bus = StreamsBus(f"rediss://:secret@127.0.0.1:{port}/0?ssl_ca_certs={tmp_path}/ca.crt")
        with pytest.raises(BusUnavailable):
            await bus.publish_event(happened(1))
        await bus.close()
        assert not connected.is_set()
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=_old_tls(ssl.PROTOCOL_TLS_CLIENT))
        await connected.wait()
        writer.close()


@pytest.mark.parametrize(
    "url",
    [
        "redis://:secret@10.0.0.5:6379/0",
        "redis://redis.centre.invalid/0",
        "rediss://:secret@10.0.0.5/0?ssl_cert_reqs=none",
        "rediss://:secret@10.0.0.5/0?ssl_check_hostname=false",
        "http://:secret@127.0.0.1",
        "rediss://:secret@10.0.0.5:port/0",
        "secret",
        "",
    ],
)
def test_an_address_that_would_send_a_password_in_clear_or_trust_anybody_is_refused(url):
    with pytest.raises(BadBusAddress, match="rediss://") as refused:
        StreamsBus(url)
    assert "secret" not in str(refused.value)


@asynccontextmanager
async def old_tls_server(files):
    """A server of TLS 1.1; the event is set once somebody has agreed to that."""
    context = _old_tls(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate, files.key)
    connected = asyncio.Event()

    def agreed(_, writer) -> None:
        connected.set()
        writer.close()

    server = await asyncio.start_server(agreed, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1], connected


def _old_tls(protocol) -> ssl.SSLContext:
    context = ssl.SSLContext(protocol)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context
