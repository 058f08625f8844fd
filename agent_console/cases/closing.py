"""A case is closed (完了), or opened again (再開), without a history; who did it and when is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from agent_console.cases.of_address import case_of
from agent_console.console import CONSOLE, user_of
from agent_console.layout import go_to
from kernel.case import CaseStatus
from kernel.user import may_close

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def set_status(status: CaseStatus) -> Handler:
    """The handler of the button that asks for ``status``; pressed twice, or by two, it is done once."""

    async def change(request: web.Request) -> web.StreamResponse:
        console, user = request.app[CONSOLE], user_of(request)
        case = await case_of(request)
        if not may_close(user, case.department):
            raise web.HTTPForbidden
        await console.store.cases.set_status(case.id, status, user.id, console.clock())
        return go_to(f"/cases/{case.number}")

    return change
