"""What an administrator must know of: recordings that could not be deleted (hard case 26)."""

from __future__ import annotations

from aiohttp import web

from agent_console.console import CONSOLE
from agent_console.layout import render


async def recordings(request: web.Request) -> web.StreamResponse:
    """Each with its reason and the number of tries."""
    return await render(
        request, "recordings.html", recordings=await request.app[CONSOLE].store.recordings.not_deleted()
    )
