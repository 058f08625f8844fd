"""SIP over WebSocket (RFC 7118) between an operator's page and Asterisk, passed on by the console.

Asterisk has one HTTP server, which also serves ARI; it stays on loopback. Here one origin, one certificate and the
session of the page hold for the phone as well.
"""

from __future__ import annotations

import asyncio

import aiohttp
from aiohttp import WSMsgType, web

from agent_console.phone.digest import signed

PROTOCOL = "sip"
PING, PONG = "\r\n\r\n", "\r\n"
"""The page's sign of life (RFC 5626, 4.4.1), answered here."""
HEARTBEAT_SECONDS = 10.0
LARGEST_MESSAGE_BYTES = 64 * 1024
TAKEN = 4001
"""The operator's phone is used in another window now."""
OVER = 4003
"""The session has ended."""
NOT_BY_US = 1012
"""The console or Asterisk restarts: the page comes back by itself (IANA WebSocket close codes: service restart)."""


class PhoneLine:
    """One page's connection. ``end`` closes it; whoever still talks goes on: sound takes its own way."""

    def __init__(self, browser: web.WebSocketResponse, extension: str, secret: str) -> None:
        self.extension = extension
        self._browser = browser
        self._secret = secret
        self._ended = asyncio.get_running_loop().create_future()
        self.doubted = asyncio.Event()

    def end(self, farewell: bytes = b"") -> None:
        """Close it: for good where there is a ``farewell``, else the page comes back."""
        self.close(OVER if farewell else NOT_BY_US)

    def doubt(self) -> None:
        """Have it looked at once more whether its session is still valid."""
        self.doubted.set()

    def close(self, code: int) -> None:
        """Close it with ``code``."""
        if not self._ended.done():
            self._ended.set_result(code)

    async def relay(self, asterisk: aiohttp.ClientWebSocketResponse) -> None:
        """Pass messages on in both directions until one side goes, or the line is closed here."""
        ways = (self._from_browser(asterisk), self._from_asterisk(asterisk))
        tasks = [asyncio.create_task(way, name=f"phone {self.extension}") for way in ways]
        try:
            await asyncio.wait([*tasks, self._ended], return_when=asyncio.FIRST_COMPLETED)
            code = self._ended.result() if self._ended.done() else NOT_BY_US
            await self._browser.close(code=code)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _from_browser(self, asterisk: aiohttp.ClientWebSocketResponse) -> None:
        async for message in self._browser:
            if message.type is not WSMsgType.TEXT:
                return
            if message.data == PING:
                await self._browser.send_str(PONG)
            else:
                await asterisk.send_str(signed(message.data, self.extension, self._secret))

    async def _from_asterisk(self, asterisk: aiohttp.ClientWebSocketResponse) -> None:
        async for message in asterisk:
            if message.type is not WSMsgType.TEXT:
                return
            await self._browser.send_str(message.data)
