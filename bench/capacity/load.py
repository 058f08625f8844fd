"""Citizens by the dozen: SIPp rings at a rate, and each call is held for a while."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from kernel.settings import Settings

SCENARIO = Path(__file__).with_name("callers.xml")
END_SECONDS = 30.0
FAILED = "FailedCall(C)"


@dataclass(frozen=True, slots=True)
class Ramp:
    """So many calls a second, ``calls`` in all, each held for ``hold_seconds``."""

    per_second: float
    hold_seconds: float
    calls: int


class Load:
    """A running ramp. ``failed`` is known when it has ended."""

    def __init__(self) -> None:
        self.failed = 0


@asynccontextmanager
async def load(settings: Settings, number: str, ramp: Ramp, folder: Path) -> AsyncGenerator[Load]:
    """Citizens ring while the context lasts; at its end all have hung up. Raises TimeoutError when they don't."""
    sipp = shutil.which("sipp")
    if sipp is None:
        raise FileNotFoundError("sipp is not installed: apt-get install sip-tester")
    carrier, statistics = settings.sip.carrier.host, folder / "load.csv"
    statistics.unlink(missing_ok=True)
    process = await asyncio.create_subprocess_exec(
        *(sipp, f"{settings.sip.bind}:{settings.sip.port}", "-sf", str(SCENARIO), "-s", number),
        *("-i", str(carrier), "-mi", str(carrier), "-r", f"{max(1, round(ramp.per_second * 10))}", "-rp", "10000"),
        *("-m", str(ramp.calls), "-l", str(ramp.calls), "-d", str(round(ramp.hold_seconds * 1000)), "-nostdin"),
        *("-trace_stat", "-stf", str(statistics), "-fd", "1"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=folder,
    )
    running = Load()
    try:
        yield running
    finally:
        try:
            async with asyncio.timeout(ramp.hold_seconds + END_SECONDS):
                await process.wait()
        finally:
            running.failed = _failed(statistics)
            if process.returncode is None:
                process.kill()


def _failed(statistics: Path) -> int:
    """As SIPp counted them last; -1 where it has counted nothing, and so did nothing."""
    lines = statistics.read_text(encoding="ascii").splitlines() if statistics.exists() else []
    if len(lines) < 2:
        return -1
    return int(lines[-1].split(";")[lines[0].split(";").index(FAILED)])
