"""What can go wrong with Asterisk, named by what the caller does about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dialplan.switch import Detached, SwitchFailed


class AriError(SwitchFailed):
    """Anything that Asterisk, or the way to it, did not do."""


class Refused(AriError):
    """Asterisk answered ``path`` with ``status``. The query, which may hold a number, is not kept."""

    def __init__(self, method: str, path: str, status: int, message: str) -> None:
        super().__init__(f"{method} /{path}: {status} {message}")
        self.method = method
        self.path = path
        self.status = status
        self.message = message


class NotFound(Refused):
    """The channel has hung up; the bridge, playback or recording is over.

    That is 404; and 409 while it is being taken down, or where it is no longer in our hands.
    """


class Conflict(Refused):
    """409 or 412: it exists already, or is not in a state in which that can be done."""


class Overloaded(Refused):
    """Asterisk can't do it now, and would at a quieter time (503; 400 and 422 when a channel joins a bridge)."""


class NoReply(AriError):
    """No answer in time: nobody knows whether it was done. Read the state before doing it again."""


class Unreachable(AriError):
    """No connection was made; the message says to what address and what to check."""


class Unauthorized(AriError):
    """Asterisk does not take our password; the message says which file it comes from."""


class Why(StrEnum):
    """Why a connection ended."""

    CLOSED = "closed by Asterisk"
    BROKEN = "broken off"
    SILENT = "Asterisk does not answer pings"
    DEAF = "Asterisk sends no events"
    REPLACED = "another controller has taken the application"
    OVERFLOW = "events were not read in time"
    READER_FAILED = "the reader of events failed"
    LEFT = "left by ourselves"


class ConnectionLost(AriError, Detached):
    """The connection is gone or closing; what was asked may or may not have been done. Calls go on in Asterisk."""

    def __init__(self, ended: Ended) -> None:
        super().__init__(ended.why if not ended.detail else f"{ended.why}: {ended.detail}")
        self.why = ended.why


class Replaced(ConnectionLost):
    """Another controller has taken the application: connecting again would take it back and so on for ever."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a connection ended. Each one who waits on it gets an exception of its own."""

    why: Why
    detail: str = ""

    def error(self) -> ConnectionLost:
        return Replaced(self) if self.why is Why.REPLACED else ConnectionLost(self)


LEFT_OUR_HANDS = "not in Stasis application"
"""How Asterisk ends the message of a 409 about a channel or bridge that it has taken from us, mostly to end it."""


def refusal(method: str, path: str, status: int, message: str) -> Refused:
    """The exception for an answer that is not 2xx. The one place where Asterisk's numbers get their meaning."""
    match status:
        case 404:
            kind = NotFound
        case 409 if message.endswith(LEFT_OUR_HANDS):
            kind = NotFound
        case 409 | 412:
            kind = Conflict
        case 503:
            kind = Overloaded
        case _:
            kind = Refused
    return kind(method, path, status, message)
