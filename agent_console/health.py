"""Whether the pages are up to date, for ``/readyz``."""

from __future__ import annotations

from aiohttp import web

from agent_console.console import HUB


def live_hub(app: web.Application) -> str | None:
    """None while the console hears the events; otherwise why it does not."""
    return app[HUB].trouble()
