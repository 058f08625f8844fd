"""The console's table of routes, as the tests walk it: a new route is in them without being named."""

from __future__ import annotations

import re

from agent_console.access import Route
from agent_console.routes import routes
from tests.support.console import ROOT
from tests.support.console_client import Browser

TABLE = routes(ROOT / "node_modules")
GUARDED = [route for route in TABLE if route.roles is not None]
PUBLIC = [route for route in TABLE if route.roles is None]
NOTHING = {
    "queue": "enquiries",
    "name": "base.css",
    "operator": "nobody",
    "call": "no-such-call",
    "number": "1",
    "user": "no-such-user",
    "entry": "no-such-entry",
    "session": "no-such-session",
    "part": "queues",
    "item": "no-such-item",
    "version": "0",
    "sound": "no-such-sound",
}
"""What the places of an address are filled with, so that walking over all of them changes nothing."""


def path_of(route: Route, places: dict[str, str] = NOTHING) -> str:
    """Raises KeyError for a place that the tests don't know yet."""
    return re.sub(r"\{(\w+)\}", lambda place: places[place[1]], route.path)


async def status(browser: Browser, route: Route, **headers: str) -> int:
    answer = await (browser.post if route.method == "POST" else browser.get)(path_of(route), **headers)
    answer.close()
    return answer.status
