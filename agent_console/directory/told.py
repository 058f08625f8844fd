"""番号をご案内: the operator has read an outside number out (T8). What was told is kept for the figures."""

from __future__ import annotations

from aiohttp import web

from agent_console import words
from agent_console.console import CONSOLE, FINDER, PAGES, user_of
from agent_console.desk.actions import answer
from agent_console.directory.availability import NOT_BY_TRANSFER
from agent_console.layout import html
from agent_console.posted import posted
from kernel.directory import Teller
from kernel.events import Event, EventKind


async def tell(request: web.Request) -> web.StreamResponse:
    """Note that the number of ``entry`` was told in the talk that the user leads."""
    console, user = request.app[CONSOLE], user_of(request).id
    fields = await posted(request)
    call = await console.store.calls.find(request.match_info.get("call") or fields.get("call", ""))
    if call is None or call.operator != user:
        return answer(request, words.refusal("call_is_over"), 409)
    entry = (await request.app[FINDER].index()).entry(fields.get("entry", ""))
    if entry is None or not (entry.outside and entry.tellable):
        return answer(request, words.refusal(NOT_BY_TRANSFER), 409)
    data = {"entry": entry.id, "department": entry.department, "how": Teller.OPERATOR.value, "by": user}
    await console.store.events.append(Event(EventKind.NUMBER_TOLD, console.clock(), call.id, user, call.queue, data))
    text = f"{entry.name} {entry.outside} のご案内を記録しました。"
    return html(request.app[PAGES].render("live/done.html", text=text))
