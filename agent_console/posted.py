"""What a form has sent."""

from __future__ import annotations

from aiohttp import web


async def posted(request: web.Request) -> dict[str, str]:
    """The texts by name; of several of one name the last. Files are not taken."""
    return {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
