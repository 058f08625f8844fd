"""SIP as it went over the loopback interface, with the kernel's times: dumpcap writes, this reads."""

from __future__ import annotations

import asyncio
import shutil
import signal
import struct
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

FILE, RECORD = struct.Struct("<IHHiIII"), struct.Struct("<IIII")
MICROSECONDS = 0xA1B2C3D4
ETHERNET, IP_SOURCE, UDP = 14, 12, 8
SNAP_BYTES = 700
"""Of a packet: all headers that are read; bodies are not."""
CAPTURING = b"File:"
START_SECONDS, FLUSH_SECONDS = 10.0, 0.3


class NoCapture(Exception):
    """The wire can't be read; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Packet:
    """A SIP message; ``at`` is in nanoseconds since the epoch, ``head`` its beginning with all that is asked for."""

    at: int
    source: str
    target: str
    head: bytes

    def header(self, name: bytes) -> str:
        """The value of a header; "" where it is missing."""
        _, found, rest = self.head.partition(b"\r\n" + name + b": ")
        return rest.partition(b"\r\n")[0].decode() if found else ""


@asynccontextmanager
async def captured(net: str, port: int, into: Path) -> AsyncGenerator[None]:
    """Write the SIP messages of the loopback network ``net`` to ``into`` until the block ends. Raises NoCapture."""
    dumpcap = shutil.which("dumpcap")
    if dumpcap is None:
        raise NoCapture("the wire is read with dumpcap: install the package wireshark-common")
    only = f"udp port {port} and net {net}.0/24"
    command = (dumpcap, "-q", "-P", "-i", "lo", "-s", str(SNAP_BYTES), "-B", "32", "-f", only, "-w", str(into))
    process = await asyncio.create_subprocess_exec(
        *command, stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL
    )
    assert process.stderr is not None
    said = b""
    try:
        async with asyncio.timeout(START_SECONDS):
            while CAPTURING not in said:
                line = await process.stderr.readline()
                if not line:
                    raise NoCapture(f"dumpcap does not capture; may this user? It says: {said.decode()}")
                said += line
        yield
        await asyncio.sleep(FLUSH_SECONDS)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        await process.communicate()


def packets(file: Path) -> Iterator[Packet]:
    """The messages in the order in which they went. Raises NoCapture for what is no capture file."""
    with file.open("rb") as read:
        magic = FILE.unpack(read.read(FILE.size))[0]
        scale = 1000 if magic == MICROSECONDS else 1
        while len(head := read.read(RECORD.size)) == RECORD.size:
            seconds, fraction, size, _ = RECORD.unpack(head)
            yield _packet(seconds * 1_000_000_000 + fraction * scale, read.read(size))


def _packet(at: int, frame: bytes) -> Packet:
    ip = frame[ETHERNET:]
    header = (ip[0] & 15) * 4
    source, target = (".".join(map(str, ip[place : place + 4])) for place in (IP_SOURCE, IP_SOURCE + 4))
    return Packet(at, source, target, ip[header + UDP :])
