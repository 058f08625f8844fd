"""Worker processes that recognise: some at once, the others queue, and whoever dies or dawdles is replaced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ivr.hearing.recogniser import RecogniserError, Transcript


@dataclass(frozen=True, slots=True)
class PoolRules:
    """``workers`` recognise at once, ``queue`` more may wait. A recognition has ``seconds`` from its begin.

    A worker has ``memory`` bytes of address space, and ``start_seconds`` to load its model.
    """

    workers: int = 1
    queue: int = 10
    seconds: float = 8.0
    start_seconds: float = 60.0
    memory: int = 3 * 2**30


@dataclass(frozen=True, slots=True)
class Engine:
    """Which recogniser a worker loads: ``whisper`` or ``vosk``; ``folder``: the cache, or the user's model."""

    name: str
    folder: Path
    language: str = "ja"
    threads: int = 2


@dataclass(slots=True)
class Pool:
    """A Recogniser. ``start`` before use; the first start of whisper joins its model in ``engine.folder``."""

    engine: Engine
    rules: PoolRules = field(default_factory=PoolRules)

    async def start(self) -> None:
        """Start all workers and return once they have loaded. Raises RecogniserError."""

    async def recognise(self, speech: bytes, expected: Sequence[str] = ()) -> Transcript:
        """As Recogniser."""
        raise RecogniserError("no recogniser was started")

    async def close(self) -> None:
        """End all workers; recognitions under way raise RecogniserError."""
