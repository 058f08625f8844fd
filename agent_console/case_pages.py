"""Cases and their histories, to read (C1: all staff may read them)."""

from __future__ import annotations

from aiohttp import web

from agent_console.console import CONSOLE
from agent_console.layout import render
from agent_console.seen import seen
from crm.cases import NoSuchCase
from crm.viewings import Citizen
from kernel.case import Case

ON_A_PAGE = 50


async def recent(request: web.Request) -> web.StreamResponse:
    """The newest cases; ``before`` is the last number of the page before."""
    before = _number(request.query.get("before", ""))
    cases = await request.app[CONSOLE].store.cases.recent(limit=ON_A_PAGE, before=before)
    seen(request, [Citizen(case=case.number) for case in cases])
    older = cases[-1].number if len(cases) == ON_A_PAGE else None
    return await render(request, "cases.html", cases=cases, older=older)


async def one(request: web.Request) -> web.StreamResponse:
    """One case with all its histories and the other cases of the same citizen."""
    store = request.app[CONSOLE].store
    number = _number(request.match_info["number"])
    if number is None:
        raise web.HTTPNotFound
    try:
        case = await store.cases.by_number(number)
    except NoSuchCase as error:
        raise web.HTTPNotFound from error
    others = await store.cases.same_citizen(case)
    seen(request, [Citizen(case=number), *(Citizen(case=match.case.number) for match in others)])
    return await render(
        request,
        "case.html",
        case=case,
        citizen=_lines(case),
        histories=await store.cases.histories(case.id),
        names={user.id: user.name for user in await store.users.list()},
        others=others,
    )


def _lines(case: Case) -> tuple[tuple[str, str], ...]:
    citizen = case.citizen
    return (
        ("氏名", citizen.name),
        ("ふりがな", citizen.reading),
        ("電話番号", citizen.phone.digits if citizen.phone else ""),
        ("メール", citizen.email),
        ("郵便番号", citizen.postal_code),
        ("住所", citizen.address),
        ("性別", citizen.sex),
        ("年齢", citizen.age),
        ("職業", citizen.occupation),
        ("FAX", citizen.fax),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
