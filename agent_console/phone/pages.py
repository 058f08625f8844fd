"""The address by which an operator's page reaches Asterisk."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

import aiohttp
from aiohttp import web

from agent_console.console import CONSOLE, PHONES, STREAMS, Console, user_of
from agent_console.cookies import SESSION_COOKIE
from agent_console.phone.line import HEARTBEAT_SECONDS, LARGEST_MESSAGE_BYTES, PROTOCOL, TAKEN, PhoneLine
from asterisk_conf.errors import ConfError
from kernel.routing import OperatorSeat

log = logging.getLogger(__name__)

CONNECT = aiohttp.ClientTimeout(connect=5.0)
LOOK_SECONDS = 15.0
"""So often the session is looked at: it may have run out, or been closed by another process."""


async def phone(request: web.Request) -> web.StreamResponse:
    """Connect the page of an operator whose seat uses the browser; the newest page of a seat has it alone.

    Any page of the web could open a WebSocket with the browser's cookies, so where it comes from is checked here.
    """
    if not web.WebSocketResponse(protocols=(PROTOCOL,)).can_prepare(request):
        raise web.HTTPBadRequest
    if request.headers.get("Origin") != f"https://{request.host}":
        raise web.HTTPForbidden
    console = request.app[CONSOLE]
    seat = await _seat(console, user_of(request).id)
    if console.phones is None:
        raise web.HTTPServiceUnavailable
    try:
        secret = console.phones.secret(seat.extension)
        async with (
            aiohttp.ClientSession(timeout=CONNECT, connector=console.phones.connector()) as http,
            http.ws_connect(console.phones.url, protocols=(PROTOCOL,), max_msg_size=LARGEST_MESSAGE_BYTES) as asterisk,
        ):
            return await _connected(request, seat, secret, asterisk)
    except (aiohttp.ClientError, OSError, ConfError) as error:
        log.warning("the page of phone %s can't be connected to Asterisk: %s", seat.extension, error)
        raise web.HTTPServiceUnavailable from error


async def _seat(console: Console, operator: str) -> OperatorSeat:
    seat = (await console.store.centres.current()).operator(operator)
    if seat is None or seat.phone != "browser":
        raise web.HTTPForbidden
    return seat


async def _connected(
    request: web.Request, seat: OperatorSeat, secret: str, asterisk: aiohttp.ClientWebSocketResponse
) -> web.WebSocketResponse:
    browser = web.WebSocketResponse(
        protocols=(PROTOCOL,), heartbeat=HEARTBEAT_SECONDS, max_msg_size=LARGEST_MESSAGE_BYTES
    )
    await browser.prepare(request)
    line = PhoneLine(browser, seat.extension, secret)
    lines = request.app[PHONES]
    if older := lines.get(seat.extension):
        older.close(TAKEN)
    lines[seat.extension] = line
    watching = asyncio.create_task(_watch(request, line), name=f"session of phone {seat.extension}")
    try:
        with request.app[STREAMS].kept(request.cookies[SESSION_COOKIE], line):
            await line.relay(asterisk)
    finally:
        watching.cancel()
        if lines.get(seat.extension) is line:
            del lines[seat.extension]
    return browser


async def _watch(request: web.Request, line: PhoneLine) -> None:
    """End the line when its session is over, or its seat uses another phone now."""
    console, token = request.app[CONSOLE], request.cookies[SESSION_COOKIE]
    while await console.store.sessions.find(token, console.clock()) is not None:
        try:
            await _seat(console, user_of(request).id)
        except web.HTTPForbidden:
            break
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                await line.doubted.wait()
        line.doubted.clear()
    line.end(b"over")
