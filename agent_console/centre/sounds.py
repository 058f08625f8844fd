"""What was spoken to be heard before it is live. No address names a file: only sounds of this console are known."""

from __future__ import annotations

from collections.abc import AsyncIterator

from aiohttp import web

from agent_console.console import REHEARSAL
from ivr.rehearsal import Rehearsal


async def sound(request: web.Request) -> web.StreamResponse:
    """One sound."""
    path = request.app[REHEARSAL].sound(request.match_info["sound"])
    if path is None or not path.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(path, headers={"Content-Type": "audio/wav", "Content-Disposition": "inline"})


async def rehearse(app: web.Application) -> AsyncIterator[None]:
    """The voice for it, as long as the console runs: for ``Application.cleanup_ctx``."""
    async with Rehearsal() as rehearsal:
        app[REHEARSAL] = rehearsal
        yield
