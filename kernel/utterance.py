"""What was said between a caller and the voicebot, as text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import uuid4


class Speaker(StrEnum):
    """Who said it."""

    CALLER = "caller"
    VOICEBOT = "voicebot"


@dataclass(frozen=True, slots=True)
class Utterance:
    """Of ``call``, at ``at`` (aware, UTC).

    ``text`` is personal data: it is stored sealed, goes with the recordings, and stands in no log.
    """

    call: str
    at: datetime
    speaker: Speaker
    text: str = field(repr=False)
    id: str = field(default_factory=lambda: uuid4().hex)
