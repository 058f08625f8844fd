"""SIPp at both ends: callers on the carrier's side, and all operators' phones."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

SCENARIOS = Path(__file__).parent / "scenarios"
AT_ONCE = 5000
RTP_PORT = 30_000
CLOSE_SECONDS = 2.0


class NoSipp(Exception):
    """SIPp is missing or did not run; the message says so."""


@dataclass(frozen=True, slots=True)
class Peers:
    """``server`` is the centre's Asterisk; callers and phones are addresses without a port."""

    server: str
    port: int
    callers: str
    phones: str
    phones_port: int


@asynccontextmanager
async def phones(peers: Peers, folder: Path, hold_ms: int) -> AsyncGenerator[None]:
    """Every phone answers at once and hangs up ``hold_ms`` after the answer was confirmed."""
    address = ("-i", peers.phones, "-p", str(peers.phones_port), "-mp", str(RTP_PORT), "-rtp_echo")
    process = await _sipp("phone", folder, *address, "-d", str(hold_ms), f"{peers.server}:{peers.port}")
    try:
        yield
        if process.returncode is not None:
            raise NoSipp(f"the phones' SIPp ended with {process.returncode}: see {folder}")
    finally:
        await _end(process)


@dataclass(frozen=True, slots=True)
class Calls:
    """A call to ``number`` from each of ``shows``, ``rate`` a second."""

    number: str
    shows: Sequence[str]
    rate: float


async def ring(peers: Peers, folder: Path, calls: Calls, patience: float) -> bool:
    """Make ``calls``; True when all ended as they should.

    Return when the last one is over, or ``patience`` seconds after the last one was to ring.
    """
    shows, rate = calls.shows, calls.rate
    file = folder / "numbers.csv"
    file.write_text("\n".join(["SEQUENTIAL", *(f"{one};" for one in shows)]), encoding="ascii")
    seconds = len(shows) / rate + patience
    process = await _sipp(
        "caller",
        folder,
        *("-i", peers.callers, "-p", str(peers.port), "-s", calls.number, "-inf", str(file)),
        *("-r", str(round(rate * 1000)), "-rp", "1000000", "-m", str(len(shows))),
        *("-timeout", f"{seconds:.0f}s", "-timeout_error"),
        f"{peers.server}:{peers.port}",
    )
    try:
        async with asyncio.timeout(seconds + patience):
            return await process.wait() == 0
    except TimeoutError:
        return False
    finally:
        await _end(process)


async def _sipp(scenario: str, folder: Path, *options: str) -> asyncio.subprocess.Process:
    sipp = shutil.which("sipp")
    if sipp is None:
        raise NoSipp("the calls are made by SIPp: install the package sip-tester")
    return await asyncio.create_subprocess_exec(
        *(sipp, "-sf", str(SCENARIOS / f"{scenario}.xml"), "-l", str(AT_ONCE), "-nostdin", "-trace_err"),
        *("-error_file", str(folder / f"{scenario}-errors.log"), *options),
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
