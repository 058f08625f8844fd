"""The way from a console in a container of its own to Asterisk's HTTP server: the phones' WebSocket, and not ARI."""

from __future__ import annotations

import asyncio

import aiohttp
from aiohttp import WSMsgType, web

from agent_console.phone.line import LARGEST_MESSAGE_BYTES, PROTOCOL

End = web.WebSocketResponse | aiohttp.ClientWebSocketResponse
PATH = "/ws"


def build_gate(asterisk: str) -> web.Application:
    """Passes ``/ws`` on to Asterisk's at the address ``asterisk`` (http://host:port), and knows nothing else."""

    async def passed_on(request: web.Request) -> web.WebSocketResponse:
        near = web.WebSocketResponse(protocols=(PROTOCOL,), max_msg_size=LARGEST_MESSAGE_BYTES)
        try:
            async with (
                aiohttp.ClientSession() as http,
                http.ws_connect(asterisk + PATH, protocols=(PROTOCOL,), max_msg_size=LARGEST_MESSAGE_BYTES) as far,
            ):
                await near.prepare(request)
                await _both_ways(near, far)
                return near
        except aiohttp.ClientError as error:
            raise web.HTTPBadGateway from error

    gate = web.Application()
    gate.router.add_get(PATH, passed_on)
    return gate


async def _both_ways(near: End, far: End) -> None:
    ways = [asyncio.create_task(pass_on(*ends), name="phones' gate") for ends in ((near, far), (far, near))]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        await near.close()
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)


async def pass_on(source: End, sink: End) -> None:
    """Send each message of ``source`` to ``sink``; returns at its end."""
    async for message in source:
        match message.type:
            case WSMsgType.TEXT:
                await sink.send_str(message.data)
            case WSMsgType.BINARY:
                await sink.send_bytes(message.data)
            case _:
                return
