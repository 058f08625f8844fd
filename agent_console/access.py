"""Who may do what: each handler is wrapped by the guard that its route asks for, so that none can be forgotten."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from agent_console.console import CONSOLE, SESSION
from agent_console.cookies import SESSION_COOKIE, login_token
from crm.users import Role

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

EVERYONE = frozenset(Role)
CSRF_FIELD = "csrf"
CSRF_HEADER = "X-CSRF-Token"


@dataclass(frozen=True, slots=True)
class Route:
    """``roles`` None: open to people who are not logged in."""

    method: str
    path: str
    handler: Handler
    roles: frozenset[Role] | None


def guarded(route: Route) -> Handler:
    """The handler behind session, role and, for a POST, origin and token."""

    async def guard(request: web.Request) -> web.StreamResponse:
        if route.roles is not None:
            await _require_session(request)
        if request.method == "POST":
            await _require_own_page(request, _expected_token(request, route))
        if route.roles is not None and request[SESSION].user.role not in route.roles:
            raise web.HTTPForbidden
        return await route.handler(request)

    return guard


async def _require_session(request: web.Request) -> None:
    console = request.app[CONSOLE]
    token = request.cookies.get(SESSION_COOKIE)
    session = await console.store.sessions.find(token, console.clock()) if token else None
    if session:
        request[SESSION] = session
        return
    if request.method == "GET" and "text/html" in request.headers.get("Accept", "") and not _by_script(request):
        raise web.HTTPSeeOther("/login")
    raise web.HTTPUnauthorized


def _by_script(request: web.Request) -> bool:
    return "HX-Request" in request.headers


def _expected_token(request: web.Request, route: Route) -> str | None:
    return login_token(request) if route.roles is None else request[SESSION].csrf


async def _require_own_page(request: web.Request, expected: str | None) -> None:
    """Refuse a POST that did not come from a page of ours that this browser was given."""
    if request.headers.get("Origin") != f"https://{request.host}":
        raise web.HTTPForbidden
    given = request.headers.get(CSRF_HEADER) or str((await request.post()).get(CSRF_FIELD, ""))
    if not expected or not hmac.compare_digest(given.encode(), expected.encode()):
        raise web.HTTPForbidden
