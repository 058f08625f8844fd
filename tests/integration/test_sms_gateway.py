"""The gateway over HTTP (T13), against a server that answers as gateways and what stands before them do."""

from __future__ import annotations

import asyncio
import json
import logging

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from crm.sms.http_gateway import http_gateway
from kernel.phone_number import PhoneNumber
from kernel.sms import Doubtful, NotTaken, Refused, Taken
from tests.support.sms import MOBILE, TEXT, an_sms

TOKEN = "t0ken-of-the-gateway"


class Provider:
    """What stands behind the centre's own adapter: it keeps what it was asked, and answers as it is told."""

    def __init__(self) -> None:
        self.asked: list[tuple[dict[str, str], dict[str, str]]] = []
        self.answer = lambda: web.json_response({"accepted": True}, status=202)
        self.holds = asyncio.Event()
        self.arrived = asyncio.Event()

    async def take(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((dict(request.headers), await request.json()))
        self.arrived.set()
        return await self.late() if self.holds.is_set() else self.answer()

    async def late(self) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError


@pytest.fixture
async def provider():
    one = Provider()
    app = web.Application()
    app.router.add_post("/sms", one.take)
    async with TestServer(app, shutdown_timeout=0.1) as server:
        one.url = str(server.make_url("/sms"))
        yield one


async def send(provider, sms=None, timeout=10.0):
    async with http_gateway(provider.url, "FujisawaCty", TOKEN, timeout) as gateway:
        return await gateway.send(sms or an_sms())


async def test_a_message_is_posted_with_number_sender_text_token_and_its_own_key(provider):
    assert await send(provider) == Taken()
    ((headers, body),) = provider.asked
    assert body == {"to": "+819012345678", "sender": "FujisawaCty", "text": TEXT}
    assert headers["Authorization"] == f"Bearer {TOKEN}"
    assert headers["Idempotency-Key"] == an_sms().id
    assert headers["Content-Type"].startswith("application/json")


@pytest.mark.parametrize(
    ("status", "body", "means"),
    [
        (200, '{"accepted": true, "id": "x"}', Taken()),
        (201, '{"accepted": true}', Taken()),
        (200, '{"accepted": false}', Refused("not_accepted")),
        (409, "", Taken()),
        (429, "", NotTaken("http_429")),
        (503, "", NotTaken("http_503")),
        (302, "", Refused("http_302")),
        (400, "", Refused("http_400")),
        (401, "", Refused("http_401")),
        (422, '{"accepted": true}', Refused("http_422")),
        (500, "", Doubtful("http_500")),
        (502, "", Doubtful("http_502")),
        (204, "", Doubtful("http_204")),
        (200, "<html>login</html>", Doubtful("not_understood")),
        (200, "", Doubtful("not_understood")),
        (200, "[]", Doubtful("not_understood")),
        (200, '{"accepted": "true"}', Doubtful("not_understood")),
        (200, '{"accepted": true' + " " * 200_000 + "}", Doubtful("not_understood")),
        (200, b"\xff\xfe", Doubtful("not_understood")),
    ],
    ids=str,
)
async def test_each_answer_means_one_thing_and_the_gateway_is_asked_once(provider, status, body, means):
    raw = body if isinstance(body, bytes) else body.encode()
    provider.answer = lambda: web.Response(status=status, body=raw, headers={"Location": "/elsewhere"})
    assert await send(provider) == means
    assert len(provider.asked) == 1


async def test_one_that_does_not_answer_in_time_may_have_it(provider):
    provider.holds.set()
    assert await send(provider, timeout=0.3) == Doubtful("timeout")
    assert len(provider.asked) == 1


async def test_one_that_nobody_listens_at_does_not_have_it(provider):
    provider.url = f"http://127.0.0.1:{unused_port()}/sms"
    assert await send(provider) == NotTaken("unreachable")


@pytest.mark.parametrize("says", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", b"220 ready\r\n"], ids=len)
async def test_one_that_breaks_off_may_have_it(provider, says):
    async def broken(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(says)
        writer.close()

    async with await asyncio.start_server(broken, "127.0.0.1", 0) as server:
        provider.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/sms"
        assert await send(provider) == Doubtful("broken_off")


async def test_a_message_that_is_tried_again_carries_the_same_key_and_another_one_another(provider):
    for sms in (an_sms(), an_sms(), an_sms("c2"), an_sms(link="waste")):
        await send(provider, sms)
    keys = [headers["Idempotency-Key"] for headers, _ in provider.asked]
    assert keys[0] == keys[1]
    assert len({*keys}) == 3


async def test_no_log_line_holds_number_text_or_token(provider, caplog):
    caplog.set_level(logging.DEBUG)
    provider.answer = lambda: web.Response(status=400, text=json.dumps({"wrong": MOBILE.digits}))
    await send(provider)
    await send(provider, an_sms(number=PhoneNumber("08012345678")))
    said = caplog.text
    assert not [one for one in (MOBILE.digits, "9012345678", "8012345678", TEXT, TOKEN) if one in said]
