"""A citizen whom the centre rings: called back, who keeps the place in the queue, or called by an operator (T10)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from kernel.phone_number import PhoneNumber


@dataclass(frozen=True, slots=True)
class Callback:
    """``number`` is rung, not before ``due``; times are aware, UTC.

    ``due`` is None until the citizen, who asked for it at ``asked``, has heard the goodbye. ``attempts`` counts how
    often the citizen was rung and names the latest leg; ``ringing`` says that this leg rings, or is up and not joined.
    ``purpose`` is what an operator calls for (``kernel.outgoing``), None for a callback.
    """

    number: PhoneNumber
    asked: datetime
    due: datetime | None = None
    attempts: int = 0
    ringing: bool = False
    purpose: str | None = None

    def rings(self) -> Callback:
        """The citizen is rung once more."""
        return replace(self, attempts=self.attempts + 1, ringing=True)

    def reached(self) -> Callback:
        """The citizen is on the line."""
        return replace(self, ringing=False)

    def waits_until(self, due: datetime) -> Callback:
        """Nobody is rung; the next try is not before ``due``."""
        return replace(self, ringing=False, due=due)
