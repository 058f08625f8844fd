"""A call on its way to an operator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Offer:
    """A call that rings at an operator's phone. ``leg`` is the id of that phone's channel."""

    operator: str
    leg: str
    since: datetime
