"""Two controllers, each a process: one drives, the other stands by. The one that drives is killed."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from bench.environment import free_port
from bench.installation import Ground, ready, spawn
from crm.database import TURN, Database

APART = ("unshare", "--pid", "--fork", "--kill-child")
"""With process numbers of its own, so that the other can't see that it has died, as on another machine."""
THAWED_SECONDS = 0.02


class Controllers:
    """``apart``: each as if on a machine of its own."""

    def __init__(self, at: Ground, folder: Path, *, apart: bool) -> None:
        self._at = at
        self.log = folder / "controllers.log"
        self._apart = apart
        self._frozen = 0
        self._all: list[subprocess.Popen[bytes]] = []
        self.active: subprocess.Popen[bytes] | None = None
        self.standby: subprocess.Popen[bytes] | None = None

    async def begin(self) -> None:
        """Return when one drives and the other stands by."""
        self.active = await self._another()
        self.standby = await self._another()

    async def freeze(self) -> None:
        """Let the one that drives do nothing more, for a moment that is shorter than its lease.

        Not in the midst of a transaction, which would keep everybody else from writing.
        """
        while True:
            os.kill(self._pid(), signal.SIGSTOP)
            self._frozen = time.time_ns()
            if await nobody_writes(self._at.store.database):
                return
            os.kill(self._pid(), signal.SIGCONT)
            await asyncio.sleep(THAWED_SECONDS)

    def kill(self) -> int:
        """kill -9 of the one that drives; since when nobody drives, in nanoseconds since the epoch.

        The standby is the active one then. One that was frozen for longer than its lease has lost it before.
        """
        lost = self._frozen + int(self._at.settings.lease_seconds * 1e9)
        at = min(time.time_ns(), lost)
        os.kill(self._pid(), signal.SIGKILL)
        self.active, self.standby = self.standby, None
        return at

    def complain(self) -> None:
        """Tell what the controllers complained of."""
        for line in self.log.read_text(encoding="utf-8").splitlines():
            if not any(f'"level": "{level}"' in line for level in ("info", "debug")):
                print(line[:400], file=sys.stderr, flush=True)

    def _pid(self) -> int:
        """Of the process itself: ``unshare`` is its parent."""
        if self.active is None:
            raise RuntimeError("nobody drives")
        pid = self.active.pid
        return int(Path(f"/proc/{pid}/task/{pid}/children").read_text()) if self._apart else pid

    async def stand_by(self) -> None:
        """Let another one stand by."""
        self.standby = await self._another()

    def end(self) -> None:
        for process in self._all:
            if process.poll() is None:
                process.kill()
                process.wait()

    async def _another(self) -> subprocess.Popen[bytes]:
        settings = self._at.settings.model_copy(update={"metrics_port": free_port("127.0.0.1")})
        process = spawn(settings, "controller", self.log, APART if self._apart else ())
        self._all.append(process)
        await ready(settings, process, self.log)
        print(f"controller {process.pid} is up", file=sys.stderr, flush=True)
        return process


async def nobody_writes(database: Database) -> bool:
    """Whether nobody is in the midst of a transaction that writes."""
    if not database.sqlite:
        async with database.write() as connection:
            free = await connection.execute(text("SELECT pg_try_advisory_xact_lock(:turn)"), {"turn": TURN})
            return bool(free.scalar_one())
    with closing(sqlite3.connect(database.url.database or "", timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        connection.execute("ROLLBACK")
        return True
