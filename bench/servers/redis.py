"""A real Redis on a free port, in a folder of its own, with a password and, if wanted, TLS."""

from __future__ import annotations

import asyncio
import secrets
import shutil
import signal
import socket
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import redis.asyncio
from redis.exceptions import RedisError

from bench.servers.certificate import ServerFiles, server_files

START_SECONDS = 10.0
ASK_AGAIN_SECONDS = 0.02


class RunningRedis:
    """``url`` holds the password. ``kill`` and ``start`` keep port and data."""

    def __init__(self, folder: Path, tls: ServerFiles | None) -> None:
        self.folder = folder
        self.tls = tls
        self.port = _free_port()
        self.password = secrets.token_hex(16)
        self._process: Process | None = None

    @property
    def url(self) -> str:
        scheme, query = ("rediss", f"?ssl_ca_certs={self.tls.authority}") if self.tls else ("redis", "")
        return f"{scheme}://:{self.password}@127.0.0.1:{self.port}/0{query}"

    def client(self) -> redis.asyncio.Redis:
        """An administrator's connection; close it."""
        return redis.asyncio.Redis.from_url(self.url, protocol=2)  # pyright: ignore[reportUnknownMemberType]

    async def start(self) -> None:
        """Return when it answers."""
        config = self.folder / "redis.conf"
        config.touch(mode=0o600)
        config.write_text(self._config(), encoding="utf-8")
        self._process = await asyncio.create_subprocess_exec(
            _server(), str(config), cwd=self.folder, stdout=DEVNULL, stderr=DEVNULL
        )
        async with asyncio.timeout(START_SECONDS):
            await self._until_it_answers()

    async def kill(self) -> None:
        """As a power cut would."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """As an administrator would."""
        await self._end(signal.SIGTERM)

    def freeze(self) -> None:
        """Stay connected and say nothing more."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process
        self._process.send_signal(signal.SIGCONT)

    async def _end(self, how: signal.Signals) -> None:
        if self._process and self._process.returncode is None:
            self._process.send_signal(how)
            await self._process.wait()

    async def _until_it_answers(self) -> None:
        client = self.client()
        try:
            while not await _answers(client):
                assert self._process
                assert self._process.returncode is None, "redis-server ended at once"
                await asyncio.sleep(ASK_AGAIN_SECONDS)
        finally:
            await client.aclose()

    def _config(self) -> str:
        lines = ["bind 127.0.0.1", f"requirepass {self.password}", "appendonly yes", "appendfsync always", 'save ""']
        if self.tls is None:
            return "\n".join([*lines, f"port {self.port}"])
        files = [f"tls-cert-file {self.tls.certificate}", f"tls-key-file {self.tls.key}"]
        return "\n".join([*lines, *files, "port 0", f"tls-port {self.port}", "tls-auth-clients no"])


@asynccontextmanager
async def running_redis(folder: Path, *, tls: bool = False) -> AsyncGenerator[RunningRedis]:
    """A started Redis; it is gone afterwards."""
    server = RunningRedis(folder, server_files(folder) if tls else None)
    try:
        await server.start()
        yield server
    finally:
        await server.kill()


async def _answers(client: redis.asyncio.Redis) -> bool:
    try:
        await client.ping()  # pyright: ignore[reportUnknownMemberType]
    except (RedisError, OSError):
        return False
    return True


def _server() -> str:
    found = shutil.which("redis-server")
    assert found, "redis-server is missing: run scripts/test-packages"
    return found


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
