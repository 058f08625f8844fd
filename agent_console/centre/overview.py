"""The first page of the configuration: its parts, who changed it last, and where callers are led, as a picture."""

from __future__ import annotations

from aiohttp import web

from agent_console.centre.addresses import list_address
from agent_console.centre.current import names_of_users, newest, whole
from agent_console.centre.parts import PARTS, things
from agent_console.centre.picture import picture
from agent_console.centre.tree import tree
from agent_console.layout import render


async def page(request: web.Request) -> web.StreamResponse:
    """The newest version."""
    now = await newest(request)
    document = whole(now.centre)
    root = tree(document)
    return await render(
        request,
        "centre/overview.html",
        parts=[(part, list_address(part), len(things(part, document)) if part.many else None) for part in PARTS],
        now=now,
        by=(await names_of_users(request)).get(now.by, now.by),
        root=root,
        picture=picture(root),
        saved="saved" in request.query,
    )
