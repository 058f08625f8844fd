"""Cases and their histories, to read (C1: all staff may read them)."""

from __future__ import annotations

from aiohttp import web

from agent_console.cases.answers import read_answer
from agent_console.cases.filters import wanted_of
from agent_console.cases.of_address import case_of, number_of
from agent_console.console import CONSOLE, user_of
from agent_console.desk.choices import choices_of
from agent_console.desk.citizens import of_cases
from agent_console.layout import render
from agent_console.seen import seen
from kernel.case import Case
from kernel.user import may_close

ON_A_PAGE = 50


async def recent(request: web.Request) -> web.StreamResponse:
    """The newest cases that the filter asks for; ``before`` is the last number of the page before."""
    console = request.app[CONSOLE]
    before = number_of(request.query.get("before", ""))
    wanted = wanted_of(request.query, user_of(request).id, console.clock())
    cases = await console.store.case_finder.list(wanted.cases, limit=ON_A_PAGE, before=before)
    seen(request, of_cases(cases))
    return await render(
        request,
        "cases.html",
        cases=cases,
        older=wanted.older(cases[-1].number) if len(cases) == ON_A_PAGE else None,
        wanted=wanted,
        choices=choices_of(await console.store.centres.current()),
    )


async def one(request: web.Request) -> web.StreamResponse:
    """One case with all its histories, its steps, and the other cases of the same citizen."""
    store = request.app[CONSOLE].store
    case = await case_of(request)
    others = await store.case_finder.alike(case.citizen, case.id)
    seen(request, of_cases([case, *(match.case for match in others)]))
    return await render(
        request,
        "case.html",
        case=case,
        citizen=_lines(case),
        histories=await store.cases.histories(case.id),
        steps=await store.cases.steps(case.id),
        names={user.id: user.name for user in await store.users.list()},
        others=others,
        can_close=may_close(user_of(request), case.department),
        form=await read_answer(request, case),
        readers=(),
        draft=None,
        changed=False,
    )


def _lines(case: Case) -> tuple[tuple[str, str], ...]:
    citizen = case.citizen
    return (
        ("氏名", citizen.name),
        ("フリガナ", citizen.reading),
        ("電話番号", citizen.phone.digits if citizen.phone else ""),
        ("メール", citizen.email),
        ("郵便番号", citizen.postal_code),
        ("住所", citizen.address),
        ("性別", citizen.sex),
        ("年齢", citizen.age),
        ("職業", citizen.occupation),
        ("FAX", citizen.fax),
    )
