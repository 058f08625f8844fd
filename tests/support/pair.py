"""Two controllers and a console, each a process, on one store and one bus: one drives, the other stands by."""

from __future__ import annotations

import asyncio
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import select

from bench.servers.redis import running_redis
from crm.tables import leases
from tests.support.environment import free_port
from tests.support.platform import PATIENCE_SECONDS, Platform

ANY_STRAIN = {"admission__reply_seconds": "60", "admission__late_seconds": "60"}
"""A machine that is busy with other tests must not turn callers away here."""


class Pair:
    """``active`` drives, ``standby`` waits."""

    def __init__(self, platform: Platform, redis_url_file: Path) -> None:
        self._platform = platform
        self._bus = str(redis_url_file)
        self._all: list[subprocess.Popen[bytes]] = []
        self.active = self.standby = self._spawn("controller")

    def _spawn(self, command: str) -> subprocess.Popen[bytes]:
        process = self._platform.spawn(command, redis_url_file=self._bus, metrics_port=str(free_port()), **ANY_STRAIN)
        self._all.append(process)
        return process

    async def begin(self) -> None:
        """Return when one drives and the other stands by, and the console is up."""
        await self._platform.start("console", redis_url_file=self._bus)
        await self.driven_by(self.active)
        await self.stand_by()

    async def stand_by(self) -> None:
        """Let another one stand by."""
        waiting = self._platform.said().count("another holds the lease")
        self.standby = self._spawn("controller")

        async def look() -> bool:
            return self._platform.said().count("another holds the lease") > waiting

        await self._platform.until(look, "a standby waits")

    async def driven_by(self, process: subprocess.Popen[bytes]) -> None:
        """Return when ``process`` holds the lease and has started to drive."""

        async def look() -> bool:
            held = select(leases.c.holder).where(leases.c.name == "controller")
            async with self._platform.store.database.read() as connection:
                holder = (await connection.execute(held)).scalar_one_or_none()
            return holder is not None and holder.rsplit(":", 4)[2] == str(process.pid)

        await self._platform.until(look, "the controller holds the lease")

    async def hand_over(self) -> int:
        """Stop the active one as an init system does; its exit status, when the standby is the active one."""
        leaving, self.active = self.active, self.standby
        leaving.send_signal(signal.SIGTERM)
        status = await asyncio.to_thread(leaving.wait, PATIENCE_SECONDS)
        await self.driven_by(self.active)
        return status

    def end(self) -> None:
        for process in self._all:
            if process.poll() is None:
                process.kill()
                process.wait()


@asynccontextmanager
async def pair(platform: Platform, folder: Path) -> AsyncIterator[Pair]:
    """Started; ended at the end."""
    async with running_redis(folder) as redis:
        address = folder / "redis_url"
        address.touch(mode=0o600)
        address.write_text(redis.url)
        both = Pair(platform, address)
        try:
            await both.begin()
            yield both
        finally:
            both.end()
