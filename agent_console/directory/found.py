"""What the finder shows for what is typed: the fast path of the exchange (電話交換)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from agent_console.console import CONSOLE, FINDER, PAGES, user_of
from agent_console.directory.availability import Availability, available
from agent_console.layout import html
from crm.directory.index import Fit, Hit
from crm.users import Role
from kernel.announcement import FOR_TELLING
from kernel.centre import Hours
from kernel.directory import EXTENSION, Entry

STRANGE = "strange"
"""The id of an extension that was typed and is in no directory."""


@dataclass(frozen=True, slots=True)
class Found:
    """One line of the finder. ``exact``: it has the very number that was typed."""

    entry: Entry
    can: Availability
    subject: str = ""
    exact: bool = False


async def find(request: web.Request) -> web.StreamResponse:
    """The lines for ``q``, as part of the form of the talk ``call``."""
    console, user = request.app[CONSOLE], user_of(request)
    typed = request.query.get("q", "")
    hits = await request.app[FINDER].find(typed, user.id)
    centre = await console.store.centres.current()
    call = request.query.get("call", "")
    text = request.app[PAGES].render(
        "live/directory_hits.html",
        typed=typed,
        call=call,
        found=lines(typed, hits, console.clock(), centre.hours),
        speaks=centre.announcements.keys() >= FOR_TELLING,
        paths=paths_of(user.role, call),
    )
    return html(text)


def lines(typed: str, hits: Sequence[Hit], now: datetime, centre: Hours) -> list[Found]:
    """``hits``, and before them a number that is in no directory but can be an extension, as one typed it."""
    found = [Found(hit.entry, available(hit.entry, now, centre), hit.subject, hit.fit is Fit.NUMBER) for hit in hits]
    number = typed.strip()
    if not EXTENSION.fullmatch(number) or any(one.exact for one in found):
        return found
    strange = Entry(STRANGE, "番号表にない内線", extension=number)
    can = Availability(strange.reach, True, "番号表にありません。番号を確かめてください")
    unknown = Found(strange, can, exact=True)
    return [*found, unknown] if found else [unknown]


@dataclass(frozen=True, slots=True)
class Paths:
    """Where the forms of a talk lead."""

    hand_over: str
    tell: str
    speak: str
    consult: str = ""


def paths_of(role: Role, call: str) -> Paths:
    """An operator's own desk; for a supervisor the call that was taken over."""
    if role is Role.SUPERVISOR:
        base = f"/wall/taken/{call}"
        return Paths(f"{base}/hand-over", f"{base}/tell", f"{base}/speak-number")
    return Paths("/desk/hand-over", "/desk/tell", "/desk/speak-number", "/desk/consult")
