"""権限の付与・削除の月次一覧 (C8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from agent_console.admin.csv_file import csv_file
from agent_console.console import CONSOLE
from agent_console.figures.span import Span, asked, month_of
from agent_console.japan_day import day_of
from agent_console.layout import render
from agent_console.words import ROLES, date_and_time
from crm.rights import GIVEN, REMOVED, RightsChange, RightsKind
from kernel.centre import Centre
from kernel.user import Role

COLUMNS = ("日時", "区分", "利用者ID", "氏名", "内容", "操作した人")

TEXTS: Mapping[RightsKind, str] = {
    RightsKind.CREATED: "利用者を登録",
    RightsKind.ROLE_GIVEN: "権限 {}",
    RightsKind.ROLE_REMOVED: "権限 {}",
    RightsKind.DEPARTMENT_GIVEN: "所管課 {}",
    RightsKind.DEPARTMENT_REMOVED: "所管課 {}",
    RightsKind.ENABLED: "停止を解除(権限 {})",
    RightsKind.DISABLED: "利用を停止(権限 {})",
    RightsKind.PASSWORD_RESET: "パスワードを再設定",
    RightsKind.SECOND_FACTOR_RESET: "二段階認証を解除",
    RightsKind.SECOND_FACTOR_REQUIRED: "{}に二段階認証を必須化",
    RightsKind.SECOND_FACTOR_NOT_REQUIRED: "{}の二段階認証の必須を解除",
}
OF_DEPARTMENTS = frozenset({RightsKind.DEPARTMENT_GIVEN, RightsKind.DEPARTMENT_REMOVED})


@dataclass(frozen=True, slots=True)
class Line:
    """One change in words."""

    at: datetime
    sort: str
    user: str
    name: str
    what: str
    by: str


async def page(request: web.Request) -> web.StreamResponse:
    """The month of the address, else this month."""
    span = _span(request)
    return await render(request, "rights.html", span=span, lines=await _lines(request, span), columns=COLUMNS)


async def export(request: web.Request) -> web.StreamResponse:
    """The same as CSV."""
    span = _span(request)
    lines = [
        (date_and_time(one.at), one.sort, one.user, one.name, one.what, one.by) for one in await _lines(request, span)
    ]
    return csv_file(f"rights-{span.first:%Y-%m}.csv", COLUMNS, lines)


def _span(request: web.Request) -> Span:
    today = day_of(request.app[CONSOLE].clock())
    try:
        return month_of(asked({"month": request.query.get("month", "")}, today).first)
    except ValueError as wrong:
        raise web.HTTPBadRequest from wrong


async def _lines(request: web.Request, span: Span) -> Sequence[Line]:
    store = request.app[CONSOLE].store
    names = {user.id: user.name for user in await store.users.list()}
    centre = await store.centres.current()
    return [line(one, names, centre) for one in await store.rights.between(span.begins, span.ends)]


def line(change: RightsChange, names: Mapping[str, str], centre: Centre) -> Line:
    """``change`` in words; ``names`` are the users' by id."""
    sort = "付与" if change.kind in GIVEN else "削除" if change.kind in REMOVED else "その他"
    if change.kind in OF_DEPARTMENTS:
        what = centre.department_name(change.what)
    else:
        what = ROLES[Role(change.what)] if change.what else ""
    text = TEXTS[change.kind].format(what)
    return Line(change.at, sort, change.user, names.get(change.user, ""), text, names.get(change.by, change.by))
