"""A room of its own for a browser: a network namespace on the other end of a cable that can be pulled.

On loopback alone a browser sends no sound: it offers no such address to the other side (RFC 8828).
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

_rooms = count()


@dataclass(frozen=True)
class Room:
    """``name`` is the namespace's; ``here`` is the address of this machine on the cable, ``there`` the room's."""

    name: str
    cable: str
    here: str
    there: str

    def inside(self, program: str, script: Path) -> Path:
        """A program that runs ``program`` in the room, written to ``script``."""
        script.write_text(f'#!/bin/sh\nexec ip netns exec {self.name} {program} "$@"\n')
        script.chmod(0o700)
        return script

    def pull_the_plug(self) -> None:
        """Nothing comes in or goes out any more."""
        _ip("link", "set", self.cable, "down")

    def plug_in(self) -> None:
        """As before."""
        _ip("link", "set", self.cable, "up")


@contextmanager
def room() -> Iterator[Room]:
    """Make one, and take it down at the end; needs root."""
    assert os.geteuid() == 0, "a network namespace needs root: run this test as root"
    place = (os.getpid() * 4 + next(_rooms)) % 16384
    name, net = f"denwa-{place}", f"10.213.{place // 64}"
    here, there = place % 64 * 4 + 1, place % 64 * 4 + 2
    one = Room(name, f"dn{place}a", f"{net}.{here}", f"{net}.{there}")
    _ip("netns", "add", name)
    try:
        _ip("link", "add", one.cable, "type", "veth", "peer", "name", f"dn{place}b", "netns", name)
        _ip("address", "add", f"{one.here}/30", "dev", one.cable)
        _ip("link", "set", one.cable, "up")
        for words in (
            ("address", "add", f"{one.there}/30", "dev", f"dn{place}b"),
            ("link", "set", f"dn{place}b", "up"),
        ):
            _ip("-n", name, *words)
        _ip("-n", name, "link", "set", "lo", "up")
        yield one
    finally:
        _ip("netns", "delete", name)  # the cable goes with it


def _ip(*words: str) -> None:
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"ip {' '.join(words)}: {done.stderr}"
