"""The console as one aiohttp application."""

from __future__ import annotations

from collections.abc import AsyncIterator

from aiohttp import web

from agent_console.access import guarded
from agent_console.centre.sounds import rehearse
from agent_console.console import CONSOLE, FINDER, HUB, PAGES, PHONES, PULSE, STREAMS, USUAL, Console
from agent_console.directory.finder import Finder
from agent_console.errors import error_pages
from agent_console.headers import harden
from agent_console.live.hub import Hub
from agent_console.live.streams import Streams
from agent_console.pages import Pages
from agent_console.routes import routes
from agent_console.wall.pulse import Pulse
from agent_console.wall.usual import Usual

LARGEST_REQUEST_BYTES = 256 * 1024


def build_app(console: Console) -> web.Application:
    """Ready to be served over TLS. It follows the log of events from its start to its clean-up."""
    app = web.Application(middlewares=[error_pages], client_max_size=LARGEST_REQUEST_BYTES)
    app[CONSOLE] = console
    app[PAGES] = Pages()
    app[HUB] = Hub(console.store.events, console.bus, console.clock)
    app[FINDER] = Finder(console.store, console.clock)
    app[HUB].listen(app[FINDER].heard)
    app[PULSE] = Pulse(console.store)
    app[USUAL] = Usual(console.store)
    app[PHONES] = {}
    app[STREAMS] = Streams(console.clock)
    for route in routes(console.node_modules):
        app.router.add_route(route.method, route.path, guarded(route))
    app.on_response_prepare.append(harden)
    app.on_shutdown.append(_end_streams)
    app.cleanup_ctx.append(_follow_events)
    app.cleanup_ctx.append(rehearse)
    return app


async def _follow_events(app: web.Application) -> AsyncIterator[None]:
    app[HUB].start()
    yield
    await app[HUB].close()


async def _end_streams(app: web.Application) -> None:
    app[STREAMS].end_all()
