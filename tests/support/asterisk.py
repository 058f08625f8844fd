"""Running Asterisks for tests: the centre's and the world outside, in their own loopback network and folders."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np

from asterisk_conf.centre import PROMPTS, render_centre
from asterisk_conf.install import find_asterisk
from asterisk_conf.outside import outside_certificate, render_outside
from asterisk_conf.process import Asterisk, start
from asterisk_conf.rendered import Rendered
from asterisk_conf.secrets import TLS_PEERS
from ivr.seed_file import load
from kernel.centre import Centre, Hours
from kernel.settings import Ari, Outside, Settings, Sip, Speech, Trunk
from tests.support.sound import tone, write

SEED = Path(__file__).parents[2] / "ivr/seeds/fujisawa.yaml"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS_OPEN = Hours.model_validate({"week": {day: ["00:00-24:00"] for day in DAYS}})
TONES = {"please_hold": 600.0, "closed": 900.0, "congested": 750.0, "apology": 1300.0}
"""The prompts of a test's centre are tones of these frequencies, in hertz, of ``PROMPT_SECONDS``."""
PROMPT_SECONDS = 1.5

NETWORKS_OF_A_PROCESS = 263
"""Workers that run side by side have numbers side by side; a prime, so that 237 processes in a row do not meet."""
_networks = count()


def free_network() -> str:
    """The first three numbers of a loopback network that no other test process uses; ports there are all free.

    On Linux all of 127.0.0.0/8 is this machine.
    """
    place = os.getpid() * NETWORKS_OF_A_PROCESS + next(_networks)
    return f"127.{1 + place // 250 % 250}.{1 + place % 250}"


@dataclass
class Instance:
    """A running Asterisk. ``stop``, ``kill`` and ``restart`` may be awaited from any event loop."""

    rendered: Rendered
    settings: Settings
    document: Centre
    recordings: Path
    app: str
    process: Asterisk = field(init=False)

    async def start(self) -> None:
        self.process = await start(self.rendered, find_asterisk(self.settings.cache_dir))

    async def stop(self) -> None:
        await self.process.stop()

    async def kill(self) -> None:
        await self.process.kill()

    async def restart(self) -> None:
        """Stop and start again with the same configuration."""
        await self.stop()
        await self.start()

    @property
    def ari_url(self) -> str:
        return self.rendered.ari_url

    @property
    def ari_user(self) -> str:
        return self.rendered.ari_user

    @property
    def ari_password(self) -> str:
        return self.rendered.ari_password

    @property
    def _secret(self) -> dict[str, str]:
        return {"Authorization": aiohttp.encode_basic_auth(self.ari_user, self.ari_password)}

    @property
    def log(self) -> str:
        """What Asterisk has logged."""
        return self.rendered.log.read_text(encoding="utf-8")

    async def logged(self, text: str) -> None:
        """Return when Asterisk's log contains ``text``."""
        async with asyncio.timeout(30):
            while text not in self.log:
                await asyncio.sleep(0.05)

    async def ari(self, method: str, path: str, body: Mapping[str, Any] | None = None, **query: str | int) -> Any:
        """One raw REST request; the answer's JSON, or its text. Raises aiohttp.ClientResponseError from 400 on."""
        async with (
            aiohttp.ClientSession(self.ari_url, headers=self._secret, raise_for_status=True) as http,
            http.request(method, f"/ari{path}", params=query, json=body) as answer,
        ):
            text = await answer.text()
            return await answer.json() if text.startswith(("{", "[")) else text

    async def online(self) -> set[str]:
        """The endpoints that can be reached."""
        return {one["resource"] for one in await self.ari("GET", "/endpoints") if one["state"] == "online"}

    async def hang_up_all(self) -> None:
        """End every channel, and return when none is left."""
        async with asyncio.timeout(20):
            while channels := await self.ari("GET", "/channels"):
                for one in channels:
                    with contextlib.suppress(aiohttp.ClientResponseError):
                        await self.ari("DELETE", f"/channels/{one['id']}")

    async def until_gone(self, channel: str) -> None:
        """Return when Asterisk has no such channel any more."""
        async with asyncio.timeout(20):
            while channel in {one["id"] for one in await self.ari("GET", "/channels")}:
                await asyncio.sleep(0.02)

    async def cli(self, command: str) -> str:
        """What Asterisk's own console answers."""
        asterisk = find_asterisk(self.settings.cache_dir).command
        argv = (*asterisk, "-C", str(self.rendered.conf), "-rx", command)
        run = await asyncio.create_subprocess_exec(*argv, stdout=asyncio.subprocess.PIPE)
        answer, _ = await run.communicate()
        return answer.decode()

    @asynccontextmanager
    async def events(self) -> AsyncGenerator[aiohttp.ClientWebSocketResponse]:
        """The application's WebSocket: while it is open the application is connected."""
        async with (
            aiohttp.ClientSession(self.ari_url, headers=self._secret) as http,
            http.ws_connect("/ari/events", params={"app": self.app}) as socket,
        ):
            yield socket


@dataclass
class World:
    """The centre and what is around it."""

    centre: Instance
    outside: Instance

    async def start(self) -> None:
        await self.centre.start()
        await self.outside.start()

    async def phones_registered(self) -> None:
        """Return when the centre can reach every operator's and supervisor's phone."""
        document = self.centre.document
        await self.reachable(*{seat.extension for seat in (*document.operators, *document.supervisors)})

    async def reachable(self, *endpoints: str) -> None:
        """Return when the centre can reach all of ``endpoints``."""
        async with asyncio.timeout(30):
            while not set(endpoints) <= await self.centre.online():
                await asyncio.sleep(0.05)

    async def stop(self) -> None:
        await self.outside.stop()
        await self.centre.stop()


def make_world(
    folder: Path,
    *,
    document: Centre | None = None,
    hours: Hours = ALWAYS_OPEN,
    prompts: Mapping[str, Path] | None = None,
    sip: Mapping[str, Any] | None = None,
    net: str | None = None,
    **outside: Any,
) -> World:
    """Render both Asterisks below ``folder``, not started. ``sip`` and ``outside`` change kernel.settings.Sip, Outside.

    Asterisk's own dialplan is open around the clock unless ``hours`` says otherwise.
    """
    document = document or load(SEED)
    settings = make_settings(folder, sip=sip, net=net, **outside)
    around = settings.outside
    prompts = prompts or tones(folder)
    trust = settings.secrets / TLS_PEERS
    shutil.copyfile(outside_certificate(settings, around), trust)
    centre = render_centre(
        settings, document.operators, hours, prompts, folder / "centre", supervisors=document.supervisors
    )
    recordings = folder / "outside-recordings"
    people = (*document.operators, *document.supervisors)
    world = render_outside(settings, people, around, recordings, folder / "outside")
    return World(
        Instance(centre, settings, document, settings.recordings_dir, settings.ari.app),
        Instance(world, settings, document, recordings, around.ari.app),
    )


def make_settings(
    folder: Path, *, sip: Mapping[str, Any] | None = None, net: str | None = None, **outside: Any
) -> Settings:
    """Settings of an installation below ``folder`` in a network of its own."""
    net = net or free_network()
    return Settings(
        _env_file=None,
        var_dir=folder / "var",
        recordings_dir=folder / "recordings_tmp",
        sip=Sip(
            **{
                "bind": IPv4Address(f"{net}.1"),
                "carrier": Trunk(host=IPv4Address(f"{net}.2")),
                "city_pbx": Trunk(host=IPv4Address(f"{net}.3")),
                **(sip or {}),
            },
        ),
        ari=Ari(host=f"{net}.1"),
        speech=Speech(engine="none"),
        outside=Outside(
            phones=IPv4Address(f"{net}.4"), ari=Ari(host=f"{net}.2", app="outside", user="outside"), **outside
        ),
    )


def tones(folder: Path) -> dict[str, Path]:
    """The prompts of a test's centre, made in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in PROMPTS:
        write(folder / f"{name}.wav", tone(TONES[name], PROMPT_SECONDS).astype(np.float64))
    return {name: folder / name for name in PROMPTS}
