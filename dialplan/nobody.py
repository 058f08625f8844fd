"""The line of a call whose citizen has hung up and waits to be called back: nobody hears, presses or leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import datetime
from typing import TypeVar

T = TypeVar("T")


class Nobody:
    """Implements dialplan.switch.CallerLine."""

    async def answer(self) -> None:
        """There is nothing to take."""

    async def play(self, *texts: str) -> None:
        """Nobody listens."""

    async def ask(self, *texts: str, wait_seconds: float, digits: int = 1) -> str:
        del texts, wait_seconds, digits
        return ""

    async def key(self) -> str:
        return await asyncio.get_running_loop().create_future()

    async def beep(self) -> None:
        """Nobody listens."""

    async def unless_gone(self, awaitable: Awaitable[T]) -> T:
        return await awaitable

    async def gone(self) -> datetime:
        return await asyncio.get_running_loop().create_future()

    async def hush(self) -> None:
        """Nothing is spoken."""

    async def pause(self) -> None:
        """Nothing is spoken."""

    def resume(self) -> None:
        """Nothing was paused."""

    async def hold(self) -> None:
        """Nobody hears the music."""

    async def apologise(self) -> None:
        """Nobody hears it."""

    async def hang_up(self) -> None:
        """Nobody is there."""

    def release(self) -> None:
        """Nobody is watched."""
