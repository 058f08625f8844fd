"""内線番号表: the whole directory to look at, for everybody."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from agent_console.console import CONSOLE, FINDER, user_of
from agent_console.directory.availability import available
from agent_console.directory.found import Found
from agent_console.layout import render
from crm.directory.index import LONGEST_QUERY
from crm.users import Role
from kernel.directory import Entry

ON_A_PAGE = 100


async def page(request: web.Request) -> web.StreamResponse:
    """What fits ``q`` within the ``division``, ON_A_PAGE at a time; without ``q`` in the order of the directory."""
    console, user = request.app[CONSOLE], user_of(request)
    index = await request.app[FINDER].index()
    typed, division = request.query.get("q", "")[:LONGEST_QUERY].strip(), request.query.get("division", "")
    wanted = [one for one in await _wanted(request, typed) if division in ("", one.division)]
    first = _number(request.query.get("from", ""))
    hours = (await console.store.centres.current()).hours
    shown = [Found(one, available(one, console.clock(), hours)) for one in wanted[first : first + ON_A_PAGE]]
    return await render(
        request,
        "directory.html",
        found=shown,
        total=len(wanted),
        typed=typed,
        division=division,
        divisions=list(dict.fromkeys(one.division for one in index.entries if one.division)),
        first=first,
        size=ON_A_PAGE,
        may_edit=user.role is Role.ADMINISTRATOR,
    )


async def _wanted(request: web.Request, typed: str) -> Sequence[Entry]:
    finder = request.app[FINDER]
    index = await finder.index()
    if not typed:
        return index.entries
    hits = await finder.find(typed, user_of(request).id, most=len(index.entries))
    return [hit.entry for hit in hits]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
