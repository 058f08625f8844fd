"""A caller who has come in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kernel.events import Plain

NO_NUMBER = frozenset({"payphone", "unavailable"})
"""What Asterisk's dialplan puts for a number that nobody withheld and that is not to be had: 公衆電話, 表示圏外."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """``shows`` is what the trunk says of the caller's number, None where withheld."""

    channel: str
    at: datetime
    dialled: str
    shows: str | None

    @property
    def told(self) -> Mapping[str, Plain]:
        """Why there is no number, where the network says more than that it is withheld."""
        return {"withheld": self.shows} if self.shows in NO_NUMBER else {}
