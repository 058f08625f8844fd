"""What was spoken to be heard before it is live. The address of a sound is what is spoken: any console makes it."""

from __future__ import annotations

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator

from aiohttp import web

from agent_console.console import REHEARSAL
from ivr.prompts import LONGEST_TEXT
from ivr.rehearsal import BadPlaceholder, PromptFailed, Rehearsal
from kernel.language import JAPANESE

MOST_BYTES = 8 * LONGEST_TEXT
SEPARATOR = "\0"


async def sound(request: web.Request) -> web.StreamResponse:
    """One sound; it is spoken here where another console, behind the same address, has spoken it before."""
    rehearsal = request.app[REHEARSAL]
    try:
        path = rehearsal.sound(await rehearsal.speak(*read_name(request.match_info["sound"])))
    except (ValueError, PromptFailed, BadPlaceholder) as wrong:
        raise web.HTTPNotFound from wrong
    if path is None or not path.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(path, headers={"Content-Type": "audio/wav", "Content-Disposition": "inline"})


def name_of(id: str, text: str, language: str = JAPANESE) -> str:
    """The name of the sound of announcement ``id`` with ``text`` in ``language``, for an address."""
    return urlsafe_b64encode(zlib.compress(SEPARATOR.join((id, language, text)).encode())).decode()


def read_name(name: str) -> tuple[str, str, str]:
    """What ``name_of`` put into ``name``; ValueError for what it never makes."""
    unpacking = zlib.decompressobj()
    try:
        plain = unpacking.decompress(urlsafe_b64decode(name), MOST_BYTES)
    except zlib.error as wrong:
        raise ValueError("no name of a sound") from wrong
    if not unpacking.eof or plain.count(SEPARATOR.encode()) < 2:
        raise ValueError("no name of a sound")
    id, language, text = plain.decode().split(SEPARATOR, 2)
    return id, text, language


async def rehearse(app: web.Application) -> AsyncIterator[None]:
    """The voice for it, as long as the console runs: for ``Application.cleanup_ctx``."""
    async with Rehearsal() as rehearsal:
        app[REHEARSAL] = rehearsal
        yield
