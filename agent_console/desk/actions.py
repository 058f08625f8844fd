"""The desk's buttons: each becomes a command to the controller, or is told at once why it can't."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from agent_console import words
from agent_console.commands import send
from agent_console.console import CONSOLE, PAGES, user_of
from agent_console.desk.clicks import refused
from agent_console.directory.gate import unreachable
from agent_console.layout import html
from kernel.commands import TO_CITY, CommandKind, command

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

NOT_SENT = "操作を送れませんでした。もう一度押してください。"


def click(kind: CommandKind) -> Handler:
    """The handler of the button that asks for ``kind``. What the controller makes of it comes by the live push."""

    async def clicked(request: web.Request) -> web.StreamResponse:
        console, operator = request.app[CONSOLE], user_of(request).id
        posted = await request.post()
        wish = command(
            kind,
            operator,
            console.clock(),
            call=_field(posted.get("call")),
            reason=_field(posted.get("reason")),
            extension=_field(posted.get("extension")),
            language=_field(posted.get("language")),
        )
        status = await console.store.operators.find(operator)
        code = refused(wish, status, await console.store.centres.current())
        if code is None and wish.kind in TO_CITY and not wish.language:
            code = await unreachable(request, wish.extension or "", anyway="anyway" in posted)
        if code:
            return answer(request, words.refusal(code), 409)
        return answer(request, "", 200) if await send(request, wish) else answer(request, NOT_SENT, 503)

    return clicked


def answer(request: web.Request, text: str, status: int) -> web.Response:
    """Say ``text`` in the window that asked; "" takes away what was said before."""
    return html(request.app[PAGES].render("live/answer.html", text=text), status)


def _field(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
