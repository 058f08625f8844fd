"""A transfer to an extension of the city (T5, T9), or a talk with an interpreter (T11), as far as it has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Step(StrEnum):
    """Where a transfer is.

    Of an attended one (相談転送), in which the operator takes part: the department ``RINGING``; ``TALKING`` with the
    operator while the caller hears music; ``SWAPPED``: the caller talks with the operator, the department hears music;
    ``THREE`` talk together; ``COMPLETING``: caller and department are being brought together. Without the operator:
    ``BLIND``: the department rings; ``COMPLETED``: it talks with the caller; ``RETURNED``: the caller comes back.
    """

    RINGING = "ringing"
    TALKING = "talking"
    SWAPPED = "swapped"
    THREE = "three"
    COMPLETING = "completing"
    BLIND = "blind"
    COMPLETED = "completed"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Transfer:
    """To the city's ``extension``, by the channel ``leg``, begun at ``since`` (aware, UTC).

    ``reason`` is why a caller has ``RETURNED``: as of dialplan.switch.NotAnswered, or hung_up, failed. Of a talk with
    an interpreter ``language`` says which, and ``extension`` is the number that is rung; it leads nowhere else.
    """

    extension: str
    leg: str
    step: Step
    since: datetime
    reason: str = ""
    language: str | None = None
