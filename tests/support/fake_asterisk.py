"""Asterisk's side of the ARI WebSocket, in memory and by hand. tests/asterisk holds it against the real one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web

from kernel.settings import Ari as AriSettings

PASSWORD = "s3cret/ä"
MOMENT = "2026-11-24T21:29:17.350+0900"


class FakeConnection:
    """One client's socket, from the server's side."""

    def __init__(self, ws: web.WebSocketResponse, request: web.Request) -> None:
        self.ws = ws
        self.request = request
        self.requests: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.filter: list[str] = []
        self.deaf = False
        self.proofs = 0
        self.gone = asyncio.Event()

    async def asked(self) -> dict[str, Any]:
        """The next request of the client, but for the filter of events and user events, which are answered here."""
        return await self.requests.get()

    async def answer(self, request: dict[str, Any], body: object = None, status: int = 200, reason: str = "OK") -> None:
        reply = {"status_code": status, "reason_phrase": reason, "uri": request["uri"].partition("?")[0]}
        if body is not None:
            reply |= {"content_type": "application/json", "message_body": json.dumps(body)}
        await self.send("RESTResponse", transaction_id="", request_id=request["request_id"], **reply)

    async def refuse(self, request: dict[str, Any], status: int, message: str) -> None:
        await self.answer(request, {"message": message}, status, message)

    async def send(self, type: str, **fields: object) -> None:
        """Send an event."""
        await self.ws.send_json({"type": type, "timestamp": MOMENT, "application": "denwa"} | fields)

    async def serve(self) -> None:
        async for frame in self.ws:
            request = json.loads(frame.data)
            if request["uri"].endswith("/eventFilter"):
                self.filter = [one["type"] for one in json.loads(request["message_body"])["allowed"]]
                await self.answer(request, application())
            elif request["uri"].startswith("events/user/"):
                await self.answer(request, status=204)
                self.proofs += 1
                if not self.deaf:
                    await self.send("ChannelUserevent", eventname=_asked_for(request), userevent={})
            else:
                self.requests.put_nowait(request)
        self.gone.set()


class FakeAsterisk:
    """Takes any number of connections of one application; the newest replaces the one before."""

    def __init__(self) -> None:
        self.connections: asyncio.Queue[FakeConnection] = asyncio.Queue()
        self.settings = AriSettings()
        self.refuses_with: int | None = None
        self.deaf = False
        self._newest: FakeConnection | None = None

    async def connected(self) -> FakeConnection:
        """The next client that connects."""
        return await self.connections.get()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != aiohttp.encode_basic_auth(self.settings.user, PASSWORD):
            return web.Response(status=401)
        if self.refuses_with is not None:
            return web.Response(status=self.refuses_with)
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        connection = FakeConnection(ws, request)
        connection.deaf = self.deaf
        if self._newest is not None and not self._newest.ws.closed:
            await self._newest.send("ApplicationReplaced")
        self._newest = connection
        self.connections.put_nowait(connection)
        await connection.serve()
        return ws


@asynccontextmanager
async def fake_asterisk() -> AsyncIterator[FakeAsterisk]:
    """Listens on a free port of loopback; ``settings`` say which."""
    fake = FakeAsterisk()
    app = web.Application()
    app.router.add_get("/ari/events", fake.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        fake.settings = AriSettings(port=runner.addresses[0][1])
        yield fake
    finally:
        await runner.cleanup()


def _asked_for(request: dict[str, Any]) -> str:
    return request["uri"].removeprefix("events/user/").partition("?")[0]


def application() -> dict[str, object]:
    return {"name": "denwa", "channel_ids": [], "bridge_ids": [], "endpoint_ids": []}


def channel(id: str = "centre-1.1", state: str = "Ring", number: str = "0466500000") -> dict[str, object]:
    """A channel as Asterisk writes it."""
    return {
        "id": id,
        "name": "PJSIP/carrier-00000001",
        "state": state,
        "protocol_id": "1-2@127.0.0.2",
        "caller": {"name": "", "number": number},
        "connected": {"name": "", "number": ""},
        "accountcode": "",
        "dialplan": {
            "context": "from-carrier",
            "exten": "0466251111",
            "priority": 2,
            "app_name": "Stasis",
            "app_data": "denwa",
        },
        "creationtime": MOMENT,
        "language": "ja",
    }
