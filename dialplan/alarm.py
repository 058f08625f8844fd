"""One alarm, set anew each time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from kernel.ports import Clock

SHORTEST_SECONDS = 0.01
"""A timer that comes too early, by another clock than the wall's, is set again and must not spin."""


class Alarm:
    """Calls ``rings`` at the moment that was set last."""

    def __init__(self, now: Clock, rings: Callable[[], None]) -> None:
        self._now = now
        self._rings = rings
        self._timer: asyncio.TimerHandle | None = None

    def set(self, at: datetime | None) -> None:
        """Ring at ``at``, soon where that is past; None: not at all."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if at is not None:
            left = max(SHORTEST_SECONDS, (at - self._now()).total_seconds())
            self._timer = asyncio.get_running_loop().call_later(left, self._rings)
