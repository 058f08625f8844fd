"""番号をご案内: an outside number (T8), read out by the operator or spoken by the platform; kept for the figures."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from agent_console import words
from agent_console.commands import send
from agent_console.console import CONSOLE, FINDER, PAGES, user_of
from agent_console.desk.actions import NOT_SENT, answer
from agent_console.directory.availability import NOT_BY_TRANSFER
from agent_console.layout import html
from agent_console.posted import posted
from kernel.announcement import FOR_TELLING
from kernel.call import Call
from kernel.commands import CommandKind, command
from kernel.directory import Entry, Teller
from kernel.events import Event, EventKind
from kernel.telling import Told


class NotTold(Exception):
    """``code`` says why (``words.REFUSALS``)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Wanted:
    """The entry whose number is to be told, in the talk that the user leads."""

    call: Call
    entry: Entry


async def tell(request: web.Request) -> web.StreamResponse:
    """Note that the number of ``entry`` was told in the talk that the user leads."""
    console, user = request.app[CONSOLE], user_of(request).id
    try:
        wanted = await _wanted(request)
    except NotTold as why:
        return answer(request, words.refusal(why.code), 409)
    call, entry = wanted.call, wanted.entry
    data = {"entry": entry.id, "department": entry.department, "how": Teller.OPERATOR.value, "by": user}
    await console.store.events.append(Event(EventKind.NUMBER_TOLD, console.clock(), call.id, user, call.queue, data))
    text = f"{entry.name} {entry.outside} のご案内を記録しました。"
    return html(request.app[PAGES].render("live/done.html", text=text))


async def speak(request: web.Request) -> web.StreamResponse:
    """Let the platform tell the number of ``entry`` to the caller; the talk is over for the user."""
    console, user = request.app[CONSOLE], user_of(request).id
    try:
        wanted = await _wanted(request)
    except NotTold as why:
        return answer(request, words.refusal(why.code), 409)
    if not (await console.store.centres.current()).announcements.keys() >= FOR_TELLING:
        return answer(request, words.refusal("no_words"), 409)
    entry = wanted.entry
    told = Told(entry.id, entry.department, entry.reading or entry.name, entry.outside)
    wish = command(CommandKind.TELL_NUMBER, user, console.clock(), call=wanted.call.id, told=told)
    return answer(request, "", 200) if await send(request, wish) else answer(request, NOT_SENT, 503)


async def _wanted(request: web.Request) -> Wanted:
    """Raises NotTold."""
    fields = await posted(request)
    call = await request.app[CONSOLE].store.calls.find(request.match_info.get("call") or fields.get("call", ""))
    if call is None or call.operator != user_of(request).id:
        raise NotTold("call_is_over")
    entry = (await request.app[FINDER].index()).entry(fields.get("entry", ""))
    if entry is None or not (entry.outside and entry.tellable):
        raise NotTold(NOT_BY_TRANSFER)
    return Wanted(call, entry)
