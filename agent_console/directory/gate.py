"""Nobody is put through by mistake to where nobody answers: asked before each transfer that the console sends."""

from __future__ import annotations

from aiohttp import web

from agent_console.console import CONSOLE, FINDER
from agent_console.directory.availability import CLOSED, available


async def unreachable(request: web.Request, extension: str, *, anyway: bool = False) -> str | None:
    """The code of the reason (``words.REFUSALS``) why ``extension`` is not rung; None where it is.

    An extension that the directory does not know is rung: who typed it knows why. ``anyway``: also out of hours.
    """
    console = request.app[CONSOLE]
    entry = (await request.app[FINDER].index()).at(extension)
    if entry is None:
        return None
    code = available(entry, console.clock(), (await console.store.centres.current()).hours).refusal
    return None if anyway and code == CLOSED else code
