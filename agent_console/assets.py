"""Static files: our own, and the few named ones of what npm brought."""

from __future__ import annotations

import gzip
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import blake2s
from pathlib import Path

from aiohttp import web

OWN = Path(__file__).parent / "static"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FROM_NPM = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "hx-sse.min.js": "htmx.org/dist/ext/hx-sse.min.js",
    "uplot.min.js": "uplot/dist/uPlot.iife.min.js",
    "uplot.min.css": "uplot/dist/uPlot.min.css",
    "jssip.js": "packed/jssip.js",
}
REVALIDATE = "no-cache"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Asset:
    """A file, also compressed: static files hold no secret that the length of an answer could tell."""

    kind: str
    plain: bytes
    packed: bytes
    mark: str


def missing(node_modules: Path) -> tuple[str, ...]:
    """The npm files that are not there; ``scripts/setup-npm`` brings and packs them."""
    return tuple(path for path in FROM_NPM.values() if not (node_modules / path).is_file())


def handler(node_modules: Path) -> Handler:
    """Serve ``/static/{name}``: only names that are known at the start, so that no path leads anywhere else."""
    files = {path.name: path for path in OWN.iterdir() if path.suffix in TYPES}
    files |= {name: node_modules / path for name, path in FROM_NPM.items()}
    assets = {name: _asset(path) for name, path in files.items() if path.is_file()}

    async def static(request: web.Request) -> web.StreamResponse:
        asset = assets.get(request.match_info["name"])
        if asset is None:
            raise web.HTTPNotFound
        return _answer(request, asset)

    return static


def _asset(path: Path) -> Asset:
    plain = path.read_bytes()
    mark = blake2s(plain, digest_size=12).hexdigest()
    return Asset(TYPES[path.suffix], plain, gzip.compress(plain, mtime=0), mark)


def _answer(request: web.Request, asset: Asset) -> web.Response:
    headers = {"Cache-Control": REVALIDATE, "ETag": f'"{asset.mark}"', "Vary": "Accept-Encoding"}
    if any(tag.value == asset.mark for tag in request.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    headers["Content-Type"] = f"{asset.kind}; charset=utf-8"
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        return web.Response(body=asset.packed, headers={**headers, "Content-Encoding": "gzip"})
    return web.Response(body=asset.plain, headers=headers)
