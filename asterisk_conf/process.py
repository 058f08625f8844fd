"""A running Asterisk: started, waited for, stopped."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from asterisk_conf.errors import NotStarted, PortInUse
from asterisk_conf.install import Installation
from asterisk_conf.rendered import Listener, Rendered

READY_SECONDS = 30.0
POLL_SECONDS = 0.02
STOP_SECONDS = 10.0
LOG_LINES = 15
UMASK = 0o077
FREE_IT = "end the program that does (another platform?), or set another port or address"
REQUIRE = "require = "
BROKEN = ("could not be started", "Unable to bind")
"""What Asterisk logs when it goes on without one of its ports."""


class Asterisk:
    """One process. It belongs to no event loop: any loop may wait for it."""

    def __init__(self, rendered: Rendered, process: subprocess.Popen[bytes]) -> None:
        self.rendered = rendered
        self._process = process
        self._pidfd = os.pidfd_open(process.pid)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    async def exited(self) -> int:
        """Return the exit status when it has ended; negative: the signal that ended it."""
        loop = asyncio.get_running_loop()
        ended = asyncio.Event()
        if self._process.poll() is None:
            loop.add_reader(self._pidfd, ended.set)
            try:
                await ended.wait()
            finally:
                loop.remove_reader(self._pidfd)
        return self._process.wait()

    async def stop(self) -> None:
        """End it and all its calls; harmless when it has ended."""
        if self.running:
            self._process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self._over()
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        """What a power cut does; harmless when it has ended."""
        self._process.kill()
        await self._over()

    async def _over(self) -> None:
        await self.exited()
        if self._pidfd >= 0:
            os.close(self._pidfd)
            self._pidfd = -1


async def start(rendered: Rendered, installation: Installation, *, die_with_parent: bool = True) -> Asterisk:
    """Start Asterisk and return when all its modules run and ARI answers.

    With ``die_with_parent`` it ends when this process ends in whatever way; without, it lives on. Raises PortInUse,
    naming port and setting, and NotStarted, with the end of its log.
    """
    for listener in rendered.listeners:
        _check_free(listener)
    asterisk = Asterisk(rendered, _spawn(rendered, installation, die_with_parent))
    try:
        await _ready(asterisk)
    except BaseException:
        await asterisk.kill()
        raise
    return asterisk


@asynccontextmanager
async def running(rendered: Rendered, installation: Installation) -> AsyncGenerator[Asterisk]:
    """Start Asterisk, and stop it at the end."""
    asterisk = await start(rendered, installation)
    try:
        yield asterisk
    finally:
        await asterisk.stop()


def _spawn(rendered: Rendered, installation: Installation, die_with_parent: bool) -> subprocess.Popen[bytes]:
    for log in (rendered.log, _output(rendered)):
        log.unlink(missing_ok=True)
    guard = ("setpriv", "--pdeathsig", "TERM") if die_with_parent else ()
    with open(_output(rendered), "wb", opener=_private) as output:
        return subprocess.Popen(  # noqa: S603
            [*guard, *installation.command, "-f", "-n", "-C", str(rendered.conf)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            umask=UMASK,
            start_new_session=True,
        )


async def _ready(asterisk: Asterisk) -> None:
    rendered = asterisk.rendered
    wanted = {
        line.removeprefix(REQUIRE)
        for line in (rendered.folders.etc / "modules.conf").read_text(encoding="utf-8").splitlines()
        if line.startswith(REQUIRE)
    }
    missing = wanted
    deadline = time.monotonic() + READY_SECONDS
    secret = {"Authorization": aiohttp.encode_basic_auth(rendered.ari_user, rendered.ari_password)}
    async with aiohttp.ClientSession(rendered.ari_url, headers=secret) as http:
        while missing:
            if not asterisk.running:
                raise NotStarted(f"Asterisk ({rendered.name}) ended while it started:\n{_tail(rendered)}")
            if time.monotonic() > deadline:
                names = ", ".join(sorted(missing)) if missing != wanted else "ARI"
                raise NotStarted(f"Asterisk ({rendered.name}) is not ready, no answer of {names}:\n{_tail(rendered)}")
            await asyncio.sleep(POLL_SECONDS)
            missing = wanted - await _loaded(http)
    if any(word in _log(rendered) for word in BROKEN):
        raise NotStarted(f"Asterisk ({rendered.name}) could not open all its ports:\n{_tail(rendered)}")


async def _loaded(http: aiohttp.ClientSession) -> set[str]:
    """The modules that run; none before ARI answers."""
    try:
        async with http.get("/ari/asterisk/modules") as answer:
            if answer.status != 200:
                return set()
            return {module["name"] for module in await answer.json() if module["status"] == "Running"}
    except aiohttp.ClientConnectionError:
        return set()


def _check_free(listener: Listener) -> None:
    kind = socket.SOCK_DGRAM if listener.protocol == "udp" else socket.SOCK_STREAM
    with socket.socket(socket.AF_INET, kind) as probe:
        if listener.protocol == "tcp":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((listener.host, listener.port))
        except OSError as error:
            raise PortInUse(f"can't listen on {listener}: {error.strerror}; {FREE_IT}") from error


def _output(rendered: Rendered) -> Path:
    return rendered.folders.log / "output"


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _log(rendered: Rendered) -> str:
    logs = (rendered.log, _output(rendered))
    return "\n".join(log.read_text(encoding="utf-8", errors="replace") for log in logs if log.exists())


def _tail(rendered: Rendered) -> str:
    return "\n".join(_log(rendered).splitlines()[-LOG_LINES:]) or "(its log is empty)"
