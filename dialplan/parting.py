"""How a controller stops on purpose, so that another goes on with the calls a moment later."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog

from dialplan.registry import Registry

log = structlog.get_logger(__name__)

DRAIN_SECONDS = 1.0
"""For clicks that were taken and not done yet."""


class LetGo(Exception):
    """Another controller goes on with the calls."""


class Parting:
    """Ends one ``drive`` after the other once it was asked for."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._asked = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def asked(self) -> bool:
        return self._asked.is_set()

    async def begin(self) -> None:
        """Return when nothing is driven any more, also where the connection is lost in this very moment."""
        self._asked.set()
        await self._idle.wait()

    async def watch(self, clicks: asyncio.Task[Any]) -> None:
        """Raise LetGo when asked for. Clicks from then on are the successor's; those taken before are done first."""
        self._idle.clear()
        await self._asked.wait()
        clicks.cancel()
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                await self._registry.clicks_done()
        except TimeoutError:
            log.warning("a click was not done in time; its operator has to press again")
        raise LetGo

    def over(self) -> None:
        """A drive has ended, however it did."""
        self._idle.set()
