"""閲覧記録: who was shown which citizen's data, by user, case and day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from aiohttp import web

from agent_console.admin.csv_file import csv_file
from agent_console.console import CONSOLE
from agent_console.figures.span import day_of
from agent_console.layout import render
from agent_console.words import clock_seconds, date_and_time, shown
from crm.viewings import Viewing, Wanted

COLUMNS = ("日時", "利用者ID", "氏名", "画面", "案件", "通話")
ON_A_PAGE = 100
MOST_LINES = 50_000
"""In one file."""


@dataclass(frozen=True, slots=True)
class Filter:
    """As typed into the form; "" asks for all."""

    user: str
    case: str
    day: str
    page: int

    @property
    def query(self) -> str:
        """As in an address, without the page."""
        return urlencode({"user": self.user, "case": self.case, "day": self.day})

    @property
    def wanted(self) -> Wanted:
        """Raises ValueError for what is no number or no day."""
        if self.case and not (self.case.isascii() and self.case.isdigit() and len(self.case) < 10):
            raise ValueError("a case has a number")
        span = day_of(date.fromisoformat(self.day)) if self.day else None
        return Wanted(
            user=self.user or None,
            case=int(self.case) if self.case else None,
            begins=span.begins if span else None,
            ends=span.ends if span else None,
        )


async def page(request: web.Request) -> web.StreamResponse:
    """The newest first."""
    asked, wanted = _asked(request)
    store = request.app[CONSOLE].store
    users = await store.users.list()
    found = await store.viewings.find(wanted, ON_A_PAGE + 1, ON_A_PAGE * (asked.page - 1))
    return await render(
        request,
        "viewings.html",
        asked=asked,
        viewings=found[:ON_A_PAGE],
        more=len(found) > ON_A_PAGE,
        users=users,
        names={user.id: user.name for user in users},
        columns=COLUMNS,
        most=MOST_LINES,
    )


async def export(request: web.Request) -> web.StreamResponse:
    """The same as CSV, at most MOST_LINES."""
    asked, wanted = _asked(request)
    store = request.app[CONSOLE].store
    names = {user.id: user.name for user in await store.users.list()}
    lines = [_line(one, names) for one in await store.viewings.find(wanted, MOST_LINES)]
    return csv_file(f"viewings{'-' + asked.day if asked.day else ''}.csv", COLUMNS, lines)


def _asked(request: web.Request) -> tuple[Filter, Wanted]:
    query = request.query
    try:
        number = max(1, int(query.get("page", "1")[:6]))
        user, case, day = (query.get(name, "").strip() for name in ("user", "case", "day"))
        asked = Filter(user, case, day, number)
        return asked, asked.wanted
    except (ValueError, OverflowError) as wrong:
        raise web.HTTPBadRequest from wrong


def _line(one: Viewing, names: Mapping[str, str]) -> tuple[str, ...]:
    at = f"{date_and_time(one.at).partition(' ')[0]} {clock_seconds(one.at)}"
    case = str(one.citizen.case) if one.citizen.case is not None else ""
    return (at, one.user, names.get(one.user, ""), shown(one.shown), case, one.citizen.call or "")
