"""What somebody wants done. A command expires: a click of a minute ago must not act on the call of now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import uuid4

CLICK_LIFETIME = timedelta(seconds=10)


class CommandKind(StrEnum):
    """``call`` is needed by what concerns a talk or a wrap-up; ``data`` names what else a kind needs."""

    LOG_IN = "log_in"
    LOG_OUT = "log_out"
    READY = "ready"
    PAUSE = "pause"  # data: reason
    FINISH_WRAP_UP = "finish_wrap_up"
    EXTEND_WRAP_UP = "extend_wrap_up"
    HOLD = "hold"
    RESUME = "resume"
    HANG_UP = "hang_up"
    HAND_OVER = "hand_over"  # data: extension


@dataclass(frozen=True, slots=True)
class Command:
    """``by`` is the user who asks, ``operator`` the one it is about. Done once, whatever is delivered twice."""

    id: str
    kind: CommandKind
    by: str
    operator: str
    expires: datetime
    call: str | None = None
    reason: str | None = None
    extension: str | None = None

    def expired(self, now: datetime) -> bool:
        """Whether it is too late to act on it."""
        return now >= self.expires


def command(
    kind: CommandKind,
    operator: str,
    now: datetime,
    *,
    by: str | None = None,
    call: str | None = None,
    reason: str | None = None,
    extension: str | None = None,
) -> Command:
    """A click of now."""
    return Command(uuid4().hex, kind, by or operator, operator, now + CLICK_LIFETIME, call, reason, extension)
