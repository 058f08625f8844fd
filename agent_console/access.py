"""Who may do what: each handler is wrapped by the guard that its route asks for, so that none can be forgotten."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from agent_console.console import CONSOLE, SESSION
from agent_console.cookies import SESSION_COOKIE, login_token
from agent_console.seen import SHOWS, require_record
from crm.sessions import Owed
from crm.users import Role
from crm.viewings import Shown

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

EVERYONE = frozenset(Role)
CSRF_FIELD = "csrf"
CSRF_HEADER = "X-CSRF-Token"


@dataclass(frozen=True, slots=True)
class Route:
    """``roles`` None: open to people who are not logged in.

    ``shows``: citizens' data is on it, and each answer is recorded (``agent_console.seen``). ``settles``: also for
    users who still owe a new password or a second factor. ``largest_bytes``: of a request that brings a file.
    """

    method: str
    path: str
    handler: Handler
    roles: frozenset[Role] | None
    shows: Shown | None = None
    settles: bool = False
    largest_bytes: int | None = None


SETTLED_AT = {Owed.PASSWORD: "/account", Owed.SECOND_FACTOR: "/account/second-factor"}


def guarded(route: Route) -> Handler:
    """The handler behind session, role and, for a POST, origin and token."""

    async def guard(request: web.Request) -> web.StreamResponse:
        if route.largest_bytes:
            request = request.clone(client_max_size=route.largest_bytes)
        if route.roles is not None:
            await _require_session(request)
        if request.method == "POST":
            await _require_own_page(request, _expected_token(request, route))
        if route.roles is not None:
            _require_rights(request, route)
        if route.shows is None:
            return await route.handler(request)
        request[SHOWS] = route.shows
        response = await route.handler(request)
        require_record(request, response)
        return response

    return guard


async def _require_session(request: web.Request) -> None:
    console = request.app[CONSOLE]
    token = request.cookies.get(SESSION_COOKIE)
    session = await console.store.sessions.find(token, console.clock()) if token else None
    if session:
        request[SESSION] = session
        return
    raise web.HTTPSeeOther("/login") if _asks_for_page(request) else web.HTTPUnauthorized


def _require_rights(request: web.Request, route: Route) -> None:
    session = request[SESSION]
    if route.roles is None or session.user.role not in route.roles:
        raise web.HTTPForbidden
    if session.owes and not route.settles:
        raise web.HTTPSeeOther(SETTLED_AT[session.owes]) if _asks_for_page(request) else web.HTTPForbidden


def _asks_for_page(request: web.Request) -> bool:
    by_script = "HX-Request" in request.headers
    return request.method == "GET" and "text/html" in request.headers.get("Accept", "") and not by_script


def _expected_token(request: web.Request, route: Route) -> str | None:
    return login_token(request) if route.roles is None else request[SESSION].csrf


async def _require_own_page(request: web.Request, expected: str | None) -> None:
    """Refuse a POST that did not come from a page of ours that this browser was given."""
    if request.headers.get("Origin") != f"https://{request.host}":
        raise web.HTTPForbidden
    given = request.headers.get(CSRF_HEADER) or str((await request.post()).get(CSRF_FIELD, ""))
    if not expected or not hmac.compare_digest(given.encode(), expected.encode()):
        raise web.HTTPForbidden
