"""What recognisers may take: processes, seconds, memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Engine:
    """Which recogniser a worker loads: ``whisper``, whose model is joined into ``folder``, or ``vosk``, whose model
    ``folder`` is.
    """

    name: str
    folder: Path
    threads: int = 2


@dataclass(frozen=True, slots=True)
class PoolRules:
    """``workers`` recognise at once, ``queue`` more may wait. A recognition takes ``seconds`` at most, with its wait.

    A worker has ``memory`` bytes of address space, ``niceness``, and ``start_seconds`` to load its model. One that does
    not start is tried again after ``pause`` seconds, then twice as long, up to ``longest_pause``.
    """

    workers: int = 1
    queue: int = 10
    seconds: float = 8.0
    start_seconds: float = 60.0
    memory: int = 4 * 2**30
    niceness: int = 5
    pause: float = 1.0
    longest_pause: float = 30.0
