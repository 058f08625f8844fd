"""A call at an operator's phone, and a caller who is no longer there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


class CallerGone(Exception):
    """The caller hung up at ``at`` (aware, UTC)."""

    def __init__(self, at: datetime) -> None:
        super().__init__(f"caller hung up at {at:%H:%M:%S}")
        self.at = at


@dataclass(frozen=True, slots=True)
class Offer:
    """A call that rings at an operator's phone. ``leg`` is the id of that phone's channel."""

    operator: str
    leg: str
    since: datetime
