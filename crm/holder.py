"""Who holds a lease, in a form that tells another process of the same machine whether the holder still lives."""

from __future__ import annotations

import os
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
DEAD = frozenset({"Z", "X"})


@dataclass(frozen=True, slots=True)
class Holder:
    """``space`` is one boot of one kernel and its space of process numbers: only within it do ``pid``s compare.

    ``born`` is when the process started, in the kernel's ticks, so that another process with the number of a dead one
    is not taken for it. ``token`` is random.
    """

    host: str
    space: str
    pid: int
    born: int
    token: str

    @classmethod
    def this_process(cls) -> Holder:
        """A holder of its own for each call."""
        boot = (PROC / "sys/kernel/random/boot_id").read_text().strip()
        space = f"{boot[:8]}.{(PROC / 'self/ns/pid').stat().st_ino}"
        return cls(socket.gethostname(), space, os.getpid(), _born(os.getpid()) or 0, secrets.token_hex(4))

    def __str__(self) -> str:
        return f"{self.host}:{self.space}:{self.pid}:{self.born}:{self.token}"

    def knows_dead(self, other: str) -> bool:
        """Whether ``other``, a holder's text, was a process of this machine that is no more; False where unsure."""
        match other.rsplit(":", 4):
            case [_, self.space, pid, born, _]:
                return not _lives(int(pid), int(born))
            case _:
                return False


def _lives(pid: int, born: int) -> bool:
    found = _born(pid)
    return found == born if found is not None else _hidden(pid)


def _born(pid: int) -> int | None:
    """When process ``pid`` started; None where there is none to be seen, or only its remains (proc(5), stat)."""
    try:
        stat = (PROC / str(pid) / "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in DEAD else int(fields[19])


def _hidden(pid: int) -> bool:
    """Whether ``pid`` is there but another user's, whom /proc may hide (its mount option hidepid)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return False
