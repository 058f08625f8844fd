"""The keys that a caller has pressed and nobody has read yet."""

from __future__ import annotations

import asyncio
from collections import deque

LIMIT = 32


class Keys:
    """Keys in their order; pressed before they are asked for, they wait."""

    def __init__(self) -> None:
        self._keys: deque[str] = deque()
        self._some = asyncio.Event()

    def put(self, key: str) -> bool:
        """Never waits; False when so many are unread that this one is dropped."""
        if len(self._keys) >= LIMIT:
            return False
        self._keys.append(key)
        self._some.set()
        return True

    def __bool__(self) -> bool:
        return bool(self._keys)

    async def some(self) -> None:
        """Return as soon as a key is there, and leave it there."""
        await self._some.wait()

    def clear(self) -> None:
        """Forget what nobody has read."""
        self._keys.clear()
        self._some.clear()

    async def get(self) -> str:
        """The next key."""
        await self._some.wait()
        key = self._keys.popleft()
        if not self._keys:
            self._some.clear()
        return key

    async def collect(self, digits: int, first_seconds: float, next_seconds: float) -> str:
        """Up to ``digits`` keys: fewer when none came in ``first_seconds``, or in ``next_seconds`` after the last."""
        pressed = ""
        while len(pressed) < digits:
            try:
                async with asyncio.timeout(next_seconds if pressed else first_seconds):
                    pressed += await self.get()
            except TimeoutError:
                break
        return pressed
