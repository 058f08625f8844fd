"""Whether a controller drives Asterisk, as the log of events tells it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kernel.events import Event, EventKind


class Control(StrEnum):
    """``UNKNOWN``: the log of two days says nothing, so that it has been driving, or silent, for longer."""

    UNKNOWN = "unknown"
    STOPPED = "stopped"
    CONNECTING = "connecting"
    DRIVING = "driving"


BECOMES = {
    EventKind.CONTROLLER_STARTED: Control.CONNECTING,
    EventKind.CONTROLLER_STOPPED: Control.STOPPED,
    EventKind.EXCHANGE_CONNECTED: Control.DRIVING,
    EventKind.EXCHANGE_LOST: Control.CONNECTING,
}


@dataclass(slots=True)
class ControlState:
    """``now`` and since when."""

    now: Control = Control.UNKNOWN
    since: datetime | None = None

    def apply(self, event: Event) -> None:
        """Take one event in, in the order of the log."""
        becomes = BECOMES.get(event.kind)
        if becomes and becomes is not self.now:
            self.now, self.since = becomes, event.at
