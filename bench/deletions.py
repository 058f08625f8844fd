"""When files of a folder are unlinked, told by the kernel (inotify(7)) and not found by looking again and again."""

from __future__ import annotations

import asyncio
import ctypes
import os
import struct
import time
from pathlib import Path

IN_DELETE = 0x200
IN_NONBLOCK = os.O_NONBLOCK
EVENT = struct.Struct("iIII")
BUFFER_BYTES = 65536


class Deletions:
    """Watches ``folder`` from now on. Times are nanoseconds since the epoch, when this process learned of it."""

    def __init__(self, folder: Path) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        self._handle: int = libc.inotify_init1(IN_NONBLOCK)
        if self._handle < 0 or libc.inotify_add_watch(self._handle, os.fsencode(folder), IN_DELETE) < 0:
            raise OSError(ctypes.get_errno(), "the folder can't be watched", str(folder))
        self._gone: dict[str, asyncio.Future[int]] = {}
        asyncio.get_running_loop().add_reader(self._handle, self._read)

    def of(self, name: str) -> asyncio.Future[int]:
        """When the file ``name`` is, or was, deleted."""
        return self._gone.setdefault(name, asyncio.get_running_loop().create_future())

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._handle)
        os.close(self._handle)

    def _read(self) -> None:
        at = time.time_ns()
        events = os.read(self._handle, BUFFER_BYTES)
        while events:
            _, _, _, length = EVENT.unpack_from(events)
            name = events[EVENT.size : EVENT.size + length].rstrip(b"\0").decode()
            events = events[EVENT.size + length :]
            if not self.of(name).done():
                self.of(name).set_result(at)
