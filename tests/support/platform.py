"""The platform as a process of its own, on a real Asterisk: started, killed, asked to stop, and started again."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import aiohttp

from asterisk_conf.secrets import OUTSIDE_ARI_PASSWORD, read_secret
from crm.keyring import load_keyring
from crm.store import Store, open_store
from crm.users import Role
from denwa.parts import KEYS, utc_now
from denwa.prepare import prepare_store, prompts_folder
from denwa.tls import console_files
from denwa.world.operator import ConsoleOperator, at_console
from denwa.world.world import World, open_world
from dialplan.ari.client import Ari, connect
from ivr.prompts import SpokenPrompts
from kernel.call import Call, Stage
from kernel.centre import Centre
from kernel.operator import OperatorState, OperatorStatus
from kernel.settings import Ari as AriSettings
from kernel.settings import Settings
from tests.support import asterisk
from tests.support.asterisk import ALWAYS_OPEN, Instance

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60.0
LOOK_SECONDS = 0.01
PASSWORD = "correct horse battery"
SPOKEN = Settings(_env_file=None).cache_dir / "test-prompts"
"""Announcements are spoken once for all test runs."""

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

    async def start(self, command: str = "serve", *, ready: bool = True) -> None:
        """Start it; return when it drives Asterisk (or at once)."""
        self._process = self.spawn(command)
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

    # The people

    async def ready_operators(self, *operators: str) -> None:
        """As if they had been ready when the last controller stopped; the platform must not run."""
        for place, operator in enumerate(operators):
            since = utc_now() - timedelta(minutes=10 - place)
            self.store.journal.write(OperatorStatus(operator, OperatorState.READY, since))
        await self.store.journal.flushed()

    @asynccontextmanager
    async def at_desk(self, operator: str = "sato") -> AsyncIterator[ConsoleOperator]:
        """An operator logged in at the console."""
        if await self.store.users.find(operator) is None:
            await self.store.users.create(operator, operator, Role.OPERATOR, PASSWORD, utc_now())
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


@asynccontextmanager
async def make_platform(both: asterisk.World, folder: Path) -> AsyncIterator[Platform]:
    """An installation, not started, with a store of its own on the running Asterisks of ``both``."""
    settings = both.centre.settings.model_copy(
        update={
            "database_url": f"sqlite+aiosqlite:///{folder}/denwa.db",
            "metrics_port": _free_port(),
            "web": both.centre.settings.web.model_copy(update={"host": both.centre.settings.ari.host}),
        }
    )
    SPOKEN.mkdir(parents=True, exist_ok=True)
    if not prompts_folder(settings).exists():
        prompts_folder(settings).symlink_to(SPOKEN)
    settings = settings.model_copy(update={"var_dir": settings.var_dir})
    await prepare_store(settings, lambda _: None)
    keyring = load_keyring(settings.secrets / KEYS)
    outside = both.outside
    ari = AriSettings(host=settings.sip.carrier.host.exploded, app=outside.app, user=outside.ari_user)
    async with (
        open_store(settings.database, keyring, None) as store,
        open_world(ari, read_secret(settings.secrets / OUTSIDE_ARI_PASSWORD), outside.recordings) as world,
        SpokenPrompts(SPOKEN) as prompts,
    ):
        await _suit_tests(store)
        platform = Platform(settings, both.centre, store, world, prompts)
        platform.log.unlink(missing_ok=True)
        try:
            yield platform
        finally:
            platform.end()
            await _clear(both)


SHORT = {
    "welcome": "こちらは藤沢市です。",
    "menu-main": "お問い合わせは一番、電話交換は二番を押してください。",
    "wrong-key": "その番号はございません。",
    "position": "現在{position}番目にお待ちです。",
    "closed": "ただいまの時間は受け付けておりません。",
}
"""Announcements that are heard in full so often need not be long."""
SILENCE_SECONDS = 1.0


async def _suit_tests(store: Store) -> None:
    """Open around the clock, of few words, and not patient with silence."""
    version = await store.centres.current_version()
    assert version is not None
    centre = version.centre
    menus = {id: menu.model_copy(update={"wait_seconds": SILENCE_SECONDS}) for id, menu in centre.menus.items()}
    announcements = {**centre.announcements, **SHORT}
    centre = centre.model_copy(update={"hours": ALWAYS_OPEN, "menus": menus, "announcements": announcements})
    await store.centres.save(centre, by="test", now=utc_now(), expected_version=version.version)


async def _clear(both: asterisk.World) -> None:
    """Leave no channel, bridge or recording behind for the next test on these Asterisks."""
    for instance in (both.outside, both.centre):
        for channel in await instance.ari("GET", "/channels"):
            try:
                await instance.ari("DELETE", f"/channels/{channel['id']}")
            except aiohttp.ClientResponseError as gone:
                assert gone.status == 404  # noqa: PT017 - hung up meanwhile
        for bridge in await instance.ari("GET", "/bridges"):
            try:
                await instance.ari("DELETE", f"/bridges/{bridge['id']}")
            except aiohttp.ClientResponseError as gone:
                assert gone.status == 404  # noqa: PT017
        for recording in instance.recordings.glob("*.wav"):
            recording.unlink()


def environment(settings: Settings) -> dict[str, str]:
    """The settings as an installation gives them: by the environment."""
    values = settings.model_dump(mode="json", exclude_none=True)
    return {f"DENWA_{name}": value for name, value in _flat(values)}


def _flat(values: dict[str, object]) -> list[tuple[str, str]]:
    flat: list[tuple[str, str]] = []
    for name, value in values.items():
        if isinstance(value, dict):
            flat += [(f"{name.upper()}__{inner}", text) for inner, text in _flat(value)]
        else:
            flat.append((name.upper(), str(value)))
    return flat


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
