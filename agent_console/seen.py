"""閲覧記録: a page that shows citizens' data says whose. Its route says that it does; the guard holds both together."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from agent_console.console import CONSOLE, user_of
from crm.viewings import Citizen, Shown

SHOWS = web.RequestKey("shows", Shown)
RECORDED = web.RequestKey("recorded", bool)


class Unrecorded(Exception):
    """A page shows citizens' data and did not say whose, or its route does not say that it shows any."""


def seen(request: web.Request, citizens: Iterable[Citizen]) -> None:
    """Record that who asks is shown the data of ``citizens``; nobody's, where the page turns out to show none."""
    if SHOWS not in request:
        raise Unrecorded("the route must say what it shows")
    console = request.app[CONSOLE]
    console.store.viewings.note(console.clock(), user_of(request).id, request[SHOWS], citizens)
    request[RECORDED] = True


def require_record(request: web.Request, response: web.StreamResponse) -> None:
    """Raise Unrecorded, so that nothing is shown, unless ``seen`` was called; a redirection shows nothing."""
    if RECORDED not in request and response.status // 100 != 3:
        raise Unrecorded("whose data this page shows was not recorded")
