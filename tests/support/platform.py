"""The platform as a process of its own, on a real Asterisk: started, killed, asked to stop, and started again."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import aiohttp

from crm.store import Store
from crm.users import Role
from denwa.parts import utc_now
from denwa.tls import console_files
from denwa.world.operator import ConsoleOperator, at_console
from denwa.world.world import World
from dialplan.ari.client import Ari, connect
from ivr.prompts import SpokenPrompts
from kernel.call import Call, Stage
from kernel.centre import Centre
from kernel.operator import OperatorState, OperatorStatus
from kernel.settings import Settings
from tests.support.asterisk import Instance
from tests.support.environment import environment

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60.0
LOOK_SECONDS = 0.01
PASSWORD = "correct horse battery"

T = TypeVar("T")


class Platform:
    """One installation around running Asterisks. ``store`` and ``world`` are the test's own view of it."""

    def __init__(
        self, settings: Settings, centre: Instance, store: Store, world: World, prompts: SpokenPrompts
    ) -> None:
        self.settings = settings
        self.asterisk = centre
        self.store = store
        self.world = world
        self.prompts = prompts
        self.log = settings.var_dir / "platform.log"
        self._process: subprocess.Popen[bytes] | None = None

    # The process

    async def start(self, command: str = "serve", *, ready: bool = True, **changed: str) -> None:
        """Start it; return when it drives Asterisk (or at once)."""
        self._process = self.spawn(command, **changed)
        if ready:
            await self.ready()

    def spawn(self, command: str = "serve", **changed: str) -> subprocess.Popen[bytes]:
        """A process of the platform; ``changed`` are other settings (DENWA_ and upper case are added)."""
        names = {f"DENWA_{name.upper()}": value for name, value in changed.items()}
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "denwa", command],
                cwd=ROOT,
                env={**os.environ, **environment(self.settings), **names},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def ready(self) -> None:
        """Return when /readyz says that the platform drives Asterisk."""
        async with aiohttp.ClientSession() as http:

            async def look() -> bool:
                assert self._process is not None
                assert self._process.poll() is None, f"the platform ended: {self.said()[-2000:]}"
                try:
                    async with http.get(f"http://127.0.0.1:{self.settings.metrics_port}/readyz") as answer:
                        return answer.status == 200
                except aiohttp.ClientConnectionError:
                    return False

            await self.until(look, "the platform is ready")

    def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def stop(self) -> int:
        """Ask it to stop, as an init system does; the exit status."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return await asyncio.to_thread(self._process.wait, PATIENCE_SECONDS)

    def said(self) -> str:
        """All that it logged."""
        return self.log.read_text(encoding="utf-8")

    def end(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    async def health(self, path: str) -> tuple[int, str]:
        """Status and text of a health address, once there is an answer."""
        async with aiohttp.ClientSession() as http:

            async def look() -> tuple[int, str] | None:
                try:
                    async with http.get(f"http://127.0.0.1:{self.settings.metrics_port}{path}") as answer:
                        return answer.status, await answer.text()
                except aiohttp.ClientConnectionError:
                    return None

            return await self.until(look, f"{path} answers")

    async def says(self, text: str) -> None:
        """Return when ``text`` stands in the log."""

        async def look() -> bool:
            return text in self.said()

        await self.until(look, f"{text!r} is logged")

    # The people

    async def ready_operators(self, *operators: str) -> None:
        """As if they had been ready when the last controller stopped; the platform must not run."""
        for place, operator in enumerate(operators):
            since = utc_now() - timedelta(minutes=10 - place)
            self.store.journal.write(OperatorStatus(operator, OperatorState.READY, since))
        await self.store.journal.flushed()

    @asynccontextmanager
    async def at_desk(self, operator: str = "sato", role: Role = Role.OPERATOR) -> AsyncIterator[ConsoleOperator]:
        """An operator, or another user, logged in at the console."""
        if await self.store.users.find(operator) is None:
            await self.store.users.create(operator, operator, role, PASSWORD, utc_now())
        url = f"https://{self.settings.web.host}:{self.settings.web.port}"
        async with at_console(url, console_files(self.settings)[0]) as desk:
            await desk.log_in(operator, PASSWORD)
            yield desk

    # What can be seen

    async def centre(self) -> Centre:
        return await self.store.centres.current()

    async def wav(self, announcement: str) -> Path:
        """The sound of the centre's announcement of that id."""
        text = (await self.centre()).announcements[announcement]
        return Path(f"{await self.prompts.media(text)}.wav")

    async def the_call(self) -> Call:
        """The only call that is not over."""

        async def look() -> Call | None:
            return next(iter(await self.store.calls.unfinished()), None)

        return await self.until(look, "a call is stored")

    async def at(self, call: str, stage: Stage) -> Call:
        """The call, once it is stored at ``stage``."""

        async def look() -> Call | None:
            found = await self.store.calls.find(call)
            return found if found and found.stage is stage else None

        return await self.until(look, f"call {call} is at {stage.value}")

    async def ringing(self, call: str) -> Call:
        """The call, once its offer is stored."""

        async def look() -> Call | None:
            found = await self.store.calls.find(call)
            return found if found and found.offer else None

        return await self.until(look, f"call {call} is offered")

    async def kinds(self, call: str) -> list[str]:
        """The kinds of the call's events, in order."""
        return [stored.event.kind.value for stored in await self.store.events.of_call(call)]

    async def operator(self, id: str) -> OperatorStatus:
        status = await self.store.operators.find(id)
        assert status is not None
        return status

    @asynccontextmanager
    async def look_into_asterisk(self) -> AsyncIterator[Ari]:
        """An ARI connection of the test's own, which drives nothing."""
        settings = self.settings.ari.model_copy(update={"app": "onlooker"})
        async with connect(settings, self.asterisk.ari_password) as ari:
            yield ari

    async def until(self, look: Callable[[], Awaitable[T | None]], what: str) -> T:
        """The first answer of ``look`` that is not empty: it asks other processes, which give no event."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not (found := await look()):
                    await asyncio.sleep(LOOK_SECONDS)
        except TimeoutError:
            raise AssertionError(f"waited in vain until {what}; the platform said:\n{self.said()[-3000:]}") from None
        return found
