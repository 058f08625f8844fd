"""Static files: our own, and the few named ones of what npm brought."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

OWN = Path(__file__).parent / "static"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FROM_NPM = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "hx-sse.min.js": "htmx.org/dist/ext/hx-sse.min.js",
    "jssip.js": "packed/jssip.js",
}
REVALIDATE = "no-cache"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def missing(node_modules: Path) -> tuple[str, ...]:
    """The npm files that are not there; ``scripts/setup-npm`` brings and packs them."""
    return tuple(path for path in FROM_NPM.values() if not (node_modules / path).is_file())


def handler(node_modules: Path) -> Handler:
    """Serve ``/static/{name}``: only names that are known at the start, so that no path leads anywhere else."""
    files = {path.name: path for path in OWN.iterdir() if path.suffix in TYPES}
    files |= {name: node_modules / path for name, path in FROM_NPM.items()}

    async def static(request: web.Request) -> web.StreamResponse:
        path = files.get(request.match_info["name"])
        if path is None or not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path, headers={"Content-Type": TYPES[path.suffix], "Cache-Control": REVALIDATE})

    return static
