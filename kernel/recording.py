"""A recording of a talk: transient, made only so that the history can be written (T12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2s

MESSAGE = 0
"""The take that is a caller's message; talks are recorded as takes from 1 on."""


@dataclass(frozen=True, slots=True)
class Recording:
    """``name`` is the file's name without its ending, and tells nothing about the call. Times are aware, UTC.

    ``deleted`` is when the file was gone; ``failure`` says why the last try to delete it failed (hard case 26).
    """

    name: str
    call: str
    started: datetime
    stopped: datetime | None = None
    deleted: datetime | None = None
    failure: str | None = None


def recording_name(call: str, take: int) -> str:
    """The same for the same call and take, so that a step done again after a crash finds its recording."""
    return blake2s(f"{call}/{take}".encode(), digest_size=16).hexdigest()
