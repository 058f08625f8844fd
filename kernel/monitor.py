"""A supervisor at a talk."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MonitorMode(StrEnum):
    """What a supervisor does in a talk: hear both; also speak to the operator alone; speak to both; take the call."""

    LISTEN = "listen"
    WHISPER = "whisper"
    BARGE_IN = "barge_in"
    TAKE_OVER = "take_over"


@dataclass(frozen=True, slots=True)
class Monitor:
    """A supervisor at a talk, or being rung for it. ``leg`` is the id of the supervisor's phone's channel."""

    supervisor: str
    leg: str
    mode: MonitorMode
