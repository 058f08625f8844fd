"""A caller at the other end of a line, without a telephone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from kernel.announcement import Said
from kernel.call import CallerGone


class FakeLine:
    """Presses ``keys``, one answer for each question, "" being silence; silent when they are used up.

    With ``hangs_up_at`` the caller is gone from the ``after``-th thing that is said on, counted from 0, and stays gone.
    ``said`` is all that was spoken, in order; ``asked`` and ``played`` are its two kinds.
    """

    def __init__(self, keys: Iterable[str] = (), *, hangs_up_at: datetime | None = None, after: int = 0) -> None:
        self._keys = list(keys)
        self._hangs_up_at = hangs_up_at
        self._after = after
        self.answered = False
        self.asked: list[tuple[Said, ...]] = []
        self.played: list[tuple[Said, ...]] = []
        self.said: list[tuple[Said, ...]] = []
        self.waits: list[float] = []

    async def answer(self) -> None:
        self._check()
        self.answered = True

    async def play(self, *texts: Said) -> None:
        self._check()
        self.played.append(texts)
        self.said.append(texts)

    async def ask(self, *texts: Said, wait_seconds: float, digits: int = 1) -> str:
        self._check()
        self.asked.append(texts)
        self.said.append(texts)
        self.waits.append(wait_seconds)
        return self._keys.pop(0)[:digits] if self._keys else ""

    def _check(self) -> None:
        if self._hangs_up_at and len(self.said) >= self._after:
            raise CallerGone(self._hangs_up_at)
