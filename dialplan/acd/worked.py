"""Who has worked how much, and is idle since when: what strategies ask for beyond the present states. Pure.

It outlives connections, and a controller that goes on for another tells it anew what the log holds of the day.
"""

from __future__ import annotations

from datetime import datetime

from dialplan.acd.tally import Tally
from kernel.operator import BUSY, OperatorState, OperatorStatus


class Worked:
    """Follows the operators' states. Who rang for a call that another got, or that went, is as long idle as before."""

    def __init__(self) -> None:
        self._latest: dict[str, OperatorStatus] = {}
        self._idle: dict[str, datetime] = {}
        self._tallies: dict[str, Tally] = {}

    def note(self, status: OperatorStatus) -> None:
        """What an operator does now; harmless when it is told again."""
        before = self._latest.get(status.operator)
        if before and _goes_on(before, status):
            return
        operator = status.operator
        self._latest[operator] = status
        if before is not None:
            self._tallies[operator] = self._tallies.get(operator, Tally()).after(before, status)
        if status.state is OperatorState.READY:
            rang = before is not None and before.state is OperatorState.RINGING
            self._idle[operator] = self._idle.get(operator, status.since) if rang else status.since
        elif status.state is not OperatorState.RINGING:
            self._idle.pop(operator, None)

    def idle_since(self, operator: str) -> datetime | None:
        """Since when no call was taken; None for one who takes none."""
        return self._idle.get(operator)

    def tally(self, operator: str) -> Tally:
        """What was done on the day of the latest change, since the log-in."""
        return self._tallies.get(operator, Tally())


def _goes_on(before: OperatorStatus, status: OperatorStatus) -> bool:
    """The same state of the same call: only what is to follow it, or its time, has been changed."""
    same = (before.state, before.call) == (status.state, status.call)
    return same and (status.state in BUSY or status.since == before.since)
