"""How many calls a machine carries: beyond, a new caller hears at once that the lines are busy (電話積滞時, T2)."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Level(StrEnum):
    """What a new caller gets: in; the congestion guidance; or, where even that is too much, a busy tone."""

    OPEN = "open"
    GUIDANCE = "guidance"
    BUSY = "busy"


class Limits(BaseModel):
    """Settings of one machine. ``python -m bench.capacity`` measures what it carries; see docs/decisions/admission.md.

    ``calls`` callers on the line and ``calls_per_second``, ``burst`` of them at once after a calm, are let in. Of those
    beyond, ``guided_per_second`` hear the guidance and the others busy.

    The other limits are signs of strain: past one of them nobody new is let in, past ``busy_factor`` times the limit
    all hear busy. ``reply_seconds``: how long even the quickest of Asterisk's answers took within the last second.
    ``late_seconds``: by how much even the most punctual turn of our event loop was late. ``requests`` to Asterisk under
    way, its ``events`` unread, and writes in the ``journal``, which the database has not taken.

    A sign must last for some tenths of a second: a stall that has passed turns nobody away.

    The strain is over when every sign has stayed below ``calm_share`` of its limit for ``calm_seconds``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    calls: int = Field(default=80, ge=1)
    calls_per_second: float = Field(default=8.0, gt=0)
    burst: int = Field(default=30, ge=1)
    guided_per_second: float = Field(default=10.0, gt=0)
    guided_burst: int = Field(default=30, ge=1)
    reply_seconds: float = Field(default=0.15, gt=0)
    late_seconds: float = Field(default=0.15, gt=0)
    requests: int = Field(default=200, ge=1)
    events: int = Field(default=500, ge=1)
    journal: int = Field(default=20_000, ge=1)
    busy_factor: float = Field(default=5.0, gt=1)
    calm_share: float = Field(default=0.6, gt=0, lt=1)
    calm_seconds: float = Field(default=5.0, ge=0)

    @property
    def lines(self) -> int:
        """The most channels that can live at once: two a call, those who hear the guidance, and some to spare.

        So many are let into Asterisk's dialplan, whatever becomes of the controller.
        """
        return 2 * self.calls + self.guided_burst + round(self.guided_per_second * GUIDANCE_SECONDS) + SPARE_LINES


GUIDANCE_SECONDS = 30.0
"""The congestion guidance is shorter."""
SPARE_LINES = 50
"""For calls that come in while the controller is away or changes."""
