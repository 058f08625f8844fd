"""Which phones can be rung, as the exchange tells it."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from dialplan.connection import Link
from dialplan.desk import Desk

PATIENCE_SECONDS = 1.0


async def watch_phones(link: Link, desk: Desk, known: asyncio.Event) -> None:
    """Tell ``desk``, for ever; ``known`` is set once it has been told of all."""
    async for phones in link.phones():
        for phone in phones:
            desk.reach(phone.extension, phone.reachable)
        known.set()


async def known_soon(known: asyncio.Event) -> None:
    """Wait for ``known``, lest somebody be set aside for a phone that can't be rung; not for ever."""
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_SECONDS):
            await known.wait()
