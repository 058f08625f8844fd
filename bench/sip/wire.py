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


def _received(extra: list[tuple[int, int, bytes]]) -> int:
    for level, kind, data in extra:
        if (level, kind) == (socket.SOL_SOCKET, SO_TIMESTAMPNS):
            seconds, nanoseconds = TIMESPEC.unpack(data[: TIMESPEC.size])
            return seconds * 1_000_000_000 + nanoseconds
    raise RuntimeError("the kernel does not say when a packet came in")
