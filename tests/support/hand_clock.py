"""A clock that a test moves by hand, for what waits on a clock of its own."""

from __future__ import annotations

import asyncio


class HandClock:
    """``pause`` returns when ``advance`` has moved the time far enough."""

    def __init__(self) -> None:
        self._now = 0.0
        self._asleep: list[tuple[float, asyncio.Future[None]]] = []
        self._changed = asyncio.Condition()

    def monotonic(self) -> float:
        return self._now

    async def pause(self, seconds: float) -> None:
        wake = asyncio.get_running_loop().create_future()
        async with self._changed:
            self._asleep.append((self._now + seconds, wake))
            self._changed.notify_all()
        await wake

    async def advance(self, seconds: float) -> None:
        """Move the time and wake who is due; ``asleep`` says when they have done their work."""
        async with self._changed:
            self._now += seconds
            due = [one for one in self._asleep if one[0] <= self._now]
            self._asleep = [one for one in self._asleep if one[0] > self._now]
        for _, wake in due:
            if not wake.done():
                wake.set_result(None)

    async def asleep(self, count: int) -> None:
        """Return when ``count`` are asleep."""
        async with self._changed:
            await self._changed.wait_for(lambda: sum(not wake.done() for _, wake in self._asleep) >= count)
