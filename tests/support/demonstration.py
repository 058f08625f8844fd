"""The demonstration as its user runs it: a process of its own, with addresses and folders that clash with nobody's."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from denwa.prepare import prompts_folder
from kernel.settings import Settings
from tests.support.asterisk import make_settings
from tests.support.environment import environment, free_port
from tests.support.installation import SPOKEN

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 150.0


class Demonstration:
    """A run of ``denwa demo``."""

    def __init__(self, settings: Settings, process: asyncio.subprocess.Process) -> None:
        self.settings = settings
        self.process = process
        self.told: list[str] = []
        self._reading = asyncio.create_task(self._read())
        self._complaining = asyncio.create_task(self._complaints())
        self._more = asyncio.Condition()

    async def tells(self, text: str) -> None:
        """Return when ``text`` stands on the terminal."""
        async with asyncio.timeout(PATIENCE_SECONDS), self._more:
            await self._more.wait_for(lambda: text in self.terminal or self._reading.done())
        assert text in self.terminal, self.terminal

    @property
    def terminal(self) -> str:
        return "".join(self.told)

    async def ends(self) -> int:
        """The exit status."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self._reading
            return await self.process.wait()

    async def complaints(self) -> str:
        """What stands on standard error, once it has ended."""
        return await self._complaining

    @property
    def log(self) -> str:
        return (self.settings.var_dir / "demo.log").read_text(encoding="utf-8")

    @property
    def report(self) -> dict[str, Any]:
        return json.loads((self.settings.var_dir / "demo-report.json").read_text(encoding="utf-8"))

    def asterisks(self) -> dict[str, int]:
        """The process numbers of its Asterisks, by name."""
        found: dict[str, int] = {}
        for folder in Path("/proc").iterdir():
            try:
                command = (folder / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue  # no process, or one that has just ended
            for name, conf in (("centre", "asterisk/etc"), ("outside", "outside/etc")):
                if f"{self.settings.var_dir.resolve()}/{conf}" in command:
                    found[name] = int(folder.name)
        return found

    async def _read(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            async with self._more:
                self.told.append(line.decode())
                self._more.notify_all()
        async with self._more:
            self._more.notify_all()

    async def _complaints(self) -> str:
        assert self.process.stderr is not None
        return (await self.process.stderr.read()).decode()

    async def end(self) -> None:
        """Leave nothing behind; the Asterisks end with it."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGKILL)
        await self.process.wait()
        await asyncio.gather(self._reading, self._complaining)


def demo_settings(folder: Path) -> Settings:
    """An installation that is nobody else's; its announcements are spoken once for all test runs."""
    settings = make_settings(folder)
    web = settings.web.model_copy(update={"host": settings.ari.host})
    settings = settings.model_copy(update={"web": web, "metrics_port": free_port()})
    SPOKEN.mkdir(parents=True, exist_ok=True)
    prompts_folder(settings).parent.mkdir(parents=True)
    prompts_folder(settings).symlink_to(SPOKEN)
    return settings


@asynccontextmanager
async def demonstration(settings: Settings, **variables: str) -> AsyncIterator[Demonstration]:
    """Run it; ``variables`` are of the environment, as DEMO_CALLER."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "denwa",
        "demo",
        cwd=ROOT,
        env={**os.environ, **environment(settings), "ONCE": "1", **variables},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    run = Demonstration(settings, process)
    try:
        yield run
    finally:
        await run.end()
