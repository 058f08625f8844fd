"""The clockwork of limits: tells when an operator's state has lasted as long as is set."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from kernel.operator import OperatorState, OperatorStatus
from kernel.ports import Clock

TIMED = frozenset({OperatorState.WRAP_UP, OperatorState.PAUSED})
"""The end of a hold is its call's business."""


class Timeouts:
    """One timer for each operator; the latest status that was watched holds."""

    def __init__(self, now: Clock, reached: Callable[[OperatorStatus], None]) -> None:
        self._now = now
        self._reached = reached
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def watch(self, status: OperatorStatus) -> None:
        """Call ``reached`` at ``status.until``, at once where that is past."""
        if timer := self._timers.pop(status.operator, None):
            timer.cancel()
        if status.until and status.state in TIMED and not status.overrun:
            left = max(0.0, (status.until - self._now()).total_seconds())
            self._timers[status.operator] = asyncio.get_running_loop().call_later(left, self._reached, status)

    def close(self) -> None:
        """Stop; nobody is called any more."""
        for timer in self._timers.values():
            timer.cancel()
