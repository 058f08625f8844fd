"""The choice between light and dark colours, kept in the browser."""

from __future__ import annotations

from aiohttp import web

from agent_console.cookies import SCHEMES, choose_scheme
from agent_console.layout import go_to


async def choose(request: web.Request) -> web.StreamResponse:
    """Keep the choice; without script the browser is sent back to the page that it came from."""
    posted = await request.post()
    scheme = str(posted.get("scheme", ""))
    if scheme not in SCHEMES:
        raise web.HTTPBadRequest
    response = (
        web.Response(status=204) if "HX-Request" in request.headers else go_to(_back(str(posted.get("back", ""))))
    )
    choose_scheme(response, scheme)
    return response


def _back(address: str) -> str:
    """A page of ours: a path, not what a browser takes for another host."""
    return address if address.startswith("/") and address[1:2] not in ("/", "\\") and address.isprintable() else "/"
