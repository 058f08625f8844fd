"""Hikari Denwa's side of a trunk, by SIPp: what Asterisk as the outside world can't say or hold against us."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

SCENARIOS = Path(__file__).parent / "sipp"
PATIENCE_SECONDS = 30.0
LOOK_SECONDS = 0.02


class LinePeer:
    """One run of SIPp. ``wire`` is all that it sent and received."""

    def __init__(self, process: asyncio.subprocess.Process, folder: Path) -> None:
        self.process = process
        self._folder = folder

    @property
    def wire(self) -> str:
        file = self._folder / "wire"
        return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""

    def received(self, start: str) -> str:
        """The first message that came in and begins with ``start``."""
        for part in self.wire.split("message received")[1:]:
            message = part.partition("\n\n")[2].split("-----------------------------------------------", 1)[0]
            if message.startswith(start):
                return message
        raise AssertionError(f"no {start} came in: {self.wire}")

    async def done(self) -> None:
        """Return when the scenario ran to its end as written."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            status = await self.process.wait()
        assert status == 0, f"SIPp ended with {status}: {self.wire}"


@asynccontextmanager
async def line_peer(
    scenario: str, folder: Path, at: str, port: int, centre: tuple[str, int], **keys: str
) -> AsyncGenerator[LinePeer]:
    """Run ``scenario`` once at ``at`` and ``port``, towards ``centre``; ``keys`` are its keywords in brackets."""
    words = [word for name, value in keys.items() for word in ("-key", name, value)]
    process = await asyncio.create_subprocess_exec(
        *("sipp", "-sf", str(SCENARIOS / f"{scenario}.xml"), "-i", at, "-p", str(port), "-mi", at, "-mp", "31000"),
        *("-m", "1", "-nostdin", "-trace_msg", "-message_file", str(folder / "wire"), *words),
        "{}:{}".format(*centre),
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await _listens(at, port)
        yield LinePeer(process, folder)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _listens(at: str, port: int) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while _is_free(at, port):
            await asyncio.sleep(LOOK_SECONDS)


def _is_free(at: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        try:
            one.bind((at, port))
        except OSError:
            return False
    return True
