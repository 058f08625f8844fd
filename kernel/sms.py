"""A link sent to a caller by SMS (T13): what is sent, how far it has come, what a gateway answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from kernel.phone_number import PhoneNumber

A_DAY = timedelta(hours=24)
"""Over which the messages to one number are counted."""


class SmsState(StrEnum):
    """How far a message has come. ``UNCERTAIN``: nobody knows whether it was sent, and it is not sent again."""

    TO_SEND = "to_send"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Sms:
    """The centre's ``link``, as it read at ``at`` (aware, UTC), to ``number``; ``by`` an operator, None: the voicebot.

    Number and text are personal data: stored sealed, and in no log and no event.
    """

    call: str
    link: str
    at: datetime
    number: PhoneNumber
    text: str = field(repr=False)
    by: str | None = None

    @property
    def id(self) -> str:
        """The same for the same link in the same call, whoever sends it: it is sent once. 32 hexadecimal digits."""
        return sha256(f"{self.call}\0{self.link}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class SmsRecord:
    """What is shown of a message, with nothing of number and text. ``why``: of one that was refused or is uncertain."""

    id: str
    call: str
    link: str
    at: datetime
    by: str | None
    state: SmsState
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """The gateway has it and will send it."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The gateway will never send it."""

    why: str


@dataclass(frozen=True, slots=True)
class NotTaken:
    """The gateway certainly does not have it, and may take it later."""

    why: str


@dataclass(frozen=True, slots=True)
class Doubtful:
    """The gateway may have it or not."""

    why: str


SmsAnswer = Taken | Refused | NotTaken | Doubtful
