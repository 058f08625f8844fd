"""What somebody wants done. A command expires: a click of a minute ago must not act on the call of now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import uuid4

from kernel.telling import Told

CLICK_LIFETIME = timedelta(seconds=10)


class CommandKind(StrEnum):
    """``call`` is needed by all that concern a call; what else a kind needs stands beside it.

    From MOVE_TO_QUEUE on they are a supervisor's, who may also ask for READY, PAUSE and LOG_OUT of an operator, and,
    of a call that was taken over, for HANG_UP, HAND_OVER and TELL_NUMBER. CONSULT begins an attended transfer.
    """

    LOG_IN = "log_in"
    LOG_OUT = "log_out"
    READY = "ready"
    PAUSE = "pause"  # reason
    FINISH_WRAP_UP = "finish_wrap_up"
    EXTEND_WRAP_UP = "extend_wrap_up"
    HOLD = "hold"
    RESUME = "resume"
    ANSWER = "answer"  # a phone that answers by itself is told to
    REJOIN = "rejoin"  # the operator's page has lost the sound of the talk
    HANG_UP = "hang_up"
    HAND_OVER = "hand_over"  # extension
    TELL_NUMBER = "tell_number"  # told
    CONSULT = "consult"  # extension, or the language for which an interpreter is rung
    SWAP = "swap"
    THREE = "three"
    COMPLETE = "complete"
    CANCEL_CONSULT = "cancel_consult"
    MOVE_TO_QUEUE = "move_to_queue"  # queue
    MOVE_TO_OPERATOR = "move_to_operator"  # the operator that it is about
    LISTEN = "listen"
    WHISPER = "whisper"
    BARGE_IN = "barge_in"
    TAKE_OVER = "take_over"
    PUT_BACK = "put_back"  # queue; by who has taken the call over
    STOP_LISTENING = "stop_listening"
    CANCEL_CALLBACK = "cancel_callback"
    DIAL = "dial"  # number, purpose; call: one that was given up, which it settles


MONITORING = frozenset(
    {
        CommandKind.LISTEN,
        CommandKind.WHISPER,
        CommandKind.BARGE_IN,
        CommandKind.TAKE_OVER,
        CommandKind.STOP_LISTENING,
    }
)
"""What a supervisor does to a talk."""
TRANSFERRING = frozenset({CommandKind.SWAP, CommandKind.THREE, CommandKind.COMPLETE, CommandKind.CANCEL_CONSULT})
"""What an operator does in an attended transfer."""
TO_CITY = frozenset({CommandKind.HAND_OVER, CommandKind.CONSULT})
"""What begins a transfer to a city extension."""


@dataclass(frozen=True, slots=True)
class Command:
    """``by`` is the user who asks, ``operator`` the one it is about. Done once, whatever is delivered twice.

    ``number`` is sealed for this command (``kernel.ports.Calls.seal_number``), which others may read on its way.
    """

    id: str
    kind: CommandKind
    by: str
    operator: str
    expires: datetime
    call: str | None = None
    reason: str | None = None
    extension: str | None = None
    queue: str | None = None
    number: str | None = None
    purpose: str | None = None
    case: int | None = None
    language: str | None = None
    told: Told | None = None

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
    queue: str | None = None,
    language: str | None = None,
    told: Told | None = None,
) -> Command:
    """A click of now."""
    expires, id = now + CLICK_LIFETIME, uuid4().hex
    return Command(
        id, kind, by or operator, operator, expires, call, reason, extension, queue, language=language, told=told
    )


def dialling(operator: str, now: datetime, purpose: str, seal: Callable[[str], str], **more: Any) -> Command:
    """The wish to call a number, which ``seal`` seals for the command of the id that it is given."""
    id = uuid4().hex
    expires = now + CLICK_LIFETIME
    return Command(id, CommandKind.DIAL, operator, operator, expires, purpose=purpose, number=seal(id), **more)
