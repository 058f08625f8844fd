"""A UDP socket whose packets carry the time at which the kernel received them, however late they are read."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from collections.abc import Callable

SO_TIMESTAMPNS = 35
"""Linux, socket(7): the time of reception, in nanoseconds, with each packet."""
TIMESPEC = struct.Struct("@qq")
LONGEST_PACKET = 65535
PROBE_NANOSECONDS = 100_000
PROBING_SECONDS = 10.0
AT_ONCE = 64

Address = tuple[str, int]
Take = Callable[[bytes, int], None]


class Wire:
    """``take`` is called with each packet and its time. Times are nanoseconds since the epoch, sent and received."""

    def __init__(self, host: str, port: int, take: Take) -> None:
        self._take = take
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self._socket.bind((host, port))
        self._socket.setblocking(False)
        _until_stamped_on_arrival(host)
        asyncio.get_running_loop().add_reader(self._socket, self._read)

    @property
    def address(self) -> Address:
        """Where it listens."""
        host, port = self._socket.getsockname()
        return host, port

    def send(self, packet: bytes, to: Address) -> int:
        """Send at once; the time just before."""
        at = time.time_ns()
        self._socket.sendto(packet, to)
        return at

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()

    def _read(self) -> None:
        for _ in range(AT_ONCE):
            try:
                packet, extra, _, _ = self._socket.recvmsg(LONGEST_PACKET, socket.CMSG_SPACE(TIMESPEC.size))
            except BlockingIOError:
                return
            self._take(packet, _received(extra))


def _until_stamped_on_arrival(host: str) -> None:
    """Return when the kernel notes the time of a packet that comes in, while a socket that wants it is open.

    It begins to do so a while after the first socket has asked (a work queue's turn, net_enable_timestamp in Linux'
    net/core/dev.c) and until then gives a packet the time at which it is read, which under load is much later.
    """
    begun = time.monotonic()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        probe.bind((host, 0))
        while not _stamped_on_arrival(probe):
            if time.monotonic() - begun > PROBING_SECONDS:
                raise RuntimeError("the kernel does not note when packets come in")


def _stamped_on_arrival(probe: socket.socket) -> bool:
    probe.sendto(b"?", probe.getsockname())
    read_from = time.time_ns() + PROBE_NANOSECONDS
    while time.time_ns() < read_from:
        pass  # so that the time of reading is another one
    _, extra, _, _ = probe.recvmsg(1, socket.CMSG_SPACE(TIMESPEC.size))
    return _received(extra) < read_from


def _received(extra: list[tuple[int, int, bytes]]) -> int:
    for level, kind, data in extra:
        if (level, kind) == (socket.SOL_SOCKET, SO_TIMESTAMPNS):
            seconds, nanoseconds = TIMESPEC.unpack(data[: TIMESPEC.size])
            return seconds * 1_000_000_000 + nanoseconds
    raise RuntimeError("the kernel does not say when a packet came in")
