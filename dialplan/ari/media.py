"""Sound over WebSockets (Asterisk's chan_websocket): raw frames out of and into a channel."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import quote

import aiohttp

from dialplan.ari.errors import AriError

PROTOCOL = "media"
OPEN_SECONDS = 3.0
BYTES_A_SECOND = 32_000
"""Of slin16: 16,000 samples of two bytes."""


class MediaFailed(AriError):
    """The sound of a channel can't be had, or does not come any more."""


class MediaSockets:
    """Of one Asterisk; who opens one must know the channel's connection id, which nobody can guess."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url

    @asynccontextmanager
    async def open(self, connection: str) -> AsyncGenerator[AsyncIterator[bytes]]:
        """The frames that come out of the channel, in its format; the iterator ends with the channel.

        Nothing is sent into it: who listens only keeps silence. Raises MediaFailed.
        """
        address = f"{self._url}/media/{quote(connection, safe='')}"
        limit = aiohttp.ClientWSTimeout(ws_close=OPEN_SECONDS)  # pyright: ignore[reportCallIssue]
        try:
            async with asyncio.timeout(OPEN_SECONDS):
                ws = await self._session.ws_connect(address, protocols=(PROTOCOL,), timeout=limit)
        except (aiohttp.ClientError, OSError) as error:
            raise MediaFailed(f"the sound of a channel can't be had: {type(error).__name__}") from error
        try:
            yield _frames(ws)
        finally:
            await ws.close()


async def _frames(ws: aiohttp.ClientWebSocketResponse) -> AsyncIterator[bytes]:
    """Text frames tell of the channel's beginning and end, which others tell as well."""
    async for message in ws:
        if message.type is aiohttp.WSMsgType.BINARY:
            yield message.data
