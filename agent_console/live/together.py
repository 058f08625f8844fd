"""Lets what one event changes in several fragments reach each browser in one push: a write costs more than a look."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Iterable
from contextlib import contextmanager

LONGEST_SECONDS = 0.03
"""A fragment that is ready waits no longer for others that are being rendered."""


class Together:
    """Shared by topics that the same browsers watch."""

    def __init__(self) -> None:
        self._rendering = 0
        self._told: set[asyncio.Event] = set()
        self._late: asyncio.TimerHandle | None = None

    @contextmanager
    def rendering(self) -> Generator[None]:
        """While one of the fragments is being made."""
        self._rendering += 1
        try:
            yield
        finally:
            self._rendering -= 1
            if not self._rendering:
                self._tell()

    def tell(self, watchers: Iterable[asyncio.Event]) -> None:
        """Set the events of ``watchers``: once no fragment is being made, or after LONGEST_SECONDS."""
        self._told.update(watchers)
        if self._told and not self._late:
            self._late = asyncio.get_running_loop().call_later(LONGEST_SECONDS, self._tell)

    def _tell(self) -> None:
        if self._late:
            self._late.cancel()
            self._late = None
        for news in self._told:
            news.set()
        self._told.clear()
