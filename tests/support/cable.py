"""The cable between controller and Asterisk: it can be cut, put back, and be slow."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

CHUNK = 65536


class Cable:
    """Forwards TCP connections from ``port`` (loopback) to ``host:to``; what comes arrives ``delay_seconds`` later."""

    def __init__(self, host: str, to: int) -> None:
        self._host = host
        self._to = to
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.port = 0
        self.delay_seconds = 0.0

    async def plug_in(self) -> None:
        """Let connections through, on the same port as before."""
        self._server = await asyncio.start_server(self._forward, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """End all connections, cleanly, and take no new ones."""
        assert self._server is not None
        self._server.close()
        for writer in list(self._writers):
            writer.close()
        await self._server.wait_closed()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection(self._host, self._to)
        self._writers |= {writer, there_writer}
        try:
            await asyncio.gather(self._pump(reader, there_writer), self._pump(there_reader, writer))
        finally:
            self._writers -= {writer, there_writer}

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """In order, whatever the delay becomes meanwhile: what was sent first arrives first."""
        loop = asyncio.get_running_loop()
        arriving: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        delivering = asyncio.create_task(_deliver(arriving, writer), name="cable")
        try:
            while data := await reader.read(CHUNK):
                arriving.put_nowait((loop.time() + self.delay_seconds, data))
        except ConnectionError:
            pass
        finally:
            arriving.put_nowait((0.0, b""))
            await delivering


async def _deliver(arriving: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
    loop = asyncio.get_running_loop()
    try:
        while True:
            at, data = await arriving.get()
            if not data:
                return
            await asyncio.sleep(at - loop.time())
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


@asynccontextmanager
async def cable(host: str, to: int) -> AsyncIterator[Cable]:
    """A cable that is plugged in."""
    one = Cable(host, to)
    await one.plug_in()
    try:
        yield one
    finally:
        await one.cut()
