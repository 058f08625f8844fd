"""One entry of the directory, added, changed or removed by an administrator."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import uuid4

from aiohttp import web

from agent_console.admin.directory import changed_fields
from agent_console.console import CONSOLE, FINDER, user_of
from agent_console.desk.form import number
from agent_console.layout import answer_page, go_to
from agent_console.posted import posted
from crm.directory.checking import Problem, read_entry
from crm.directory.csv_text import BODIES, COLUMNS, NO, TELLERS, YES, Line, cells_of
from crm.directory.directory import ExtensionTaken, NoSuchEntry
from crm.errors import Changed

BLANK: Mapping[str, str] = {**dict.fromkeys(COLUMNS.values(), ""), "transferable": YES, "tellable": NO, "body": "市"}
CHOICES: Mapping[str, tuple[str, ...]] = {
    "body": tuple(BODIES),
    "transferable": (YES, NO),
    "tellable": (YES, NO),
    "teller": tuple(TELLERS),
}
HELP: Mapping[str, str] = {
    "aliases": "「、」で区切る",
    "subjects": "市民のことばで。「、」で区切る",
    "hours": "月-金 08:30-17:15; 土 09:00-12:00 (空欄はセンターの受付時間)",
    "outside": "0466-00-0000",
}
CHANGED = "ほかの人が先に変更しました。いまの内容を確かめて、もう一度変更してください。"


async def new(request: web.Request) -> web.StreamResponse:
    """The form for an entry that is added."""
    return await _form(request, BLANK)


async def create(request: web.Request) -> web.StreamResponse:
    """Add what was typed."""
    fields = await posted(request)
    return await _save(request, {**fields, "id": uuid4().hex[:12]}, version=0, known="")


async def page(request: web.Request) -> web.StreamResponse:
    """The form of an entry, and what was changed in it."""
    kept = await request.app[CONSOLE].store.directory.find(request.match_info["entry"])
    if kept is None:
        raise web.HTTPNotFound
    return await _form(request, cells_of(kept.entry), version=kept.version, known=kept.entry.id)


async def save(request: web.Request) -> web.StreamResponse:
    """Change the entry to what was typed."""
    fields, id = await posted(request), request.match_info["entry"]
    return await _save(request, {**fields, "id": id}, version=number(fields.get("version", "")), known=id)


async def remove(request: web.Request) -> web.StreamResponse:
    """Take the entry out."""
    console, fields = request.app[CONSOLE], await posted(request)
    version = number(fields.get("version", ""))
    try:
        await console.store.directory.remove(
            request.match_info["entry"], by=user_of(request).id, now=console.clock(), expected_version=version
        )
    except NoSuchEntry as gone:
        raise web.HTTPNotFound from gone
    except Changed:
        return await _again(request)
    request.app[FINDER].forget()
    return go_to("/admin/directory")


async def _save(request: web.Request, fields: Mapping[str, str], *, version: int, known: str) -> web.StreamResponse:
    console = request.app[CONSOLE]
    departments = {one.id for one in (await console.store.centres.current()).departments}
    cells = {field: fields.get(field, "") for field in COLUMNS.values()}
    entry, problems = read_entry(Line(1, cells), departments)
    if entry is None:
        return await _form(request, cells, 422, version=version, known=known, problems=problems)
    try:
        await console.store.directory.save(entry, by=user_of(request).id, now=console.clock(), expected_version=version)
    except ExtensionTaken as taken:
        wrong = Problem(1, "extension", f"内線{taken.other.extension}は「{taken.other.name}」が使っています。")
        return await _form(request, cells, 409, version=version, known=known, problems=[wrong])
    except NoSuchEntry as gone:
        raise web.HTTPNotFound from gone
    except Changed:
        return await _again(request)
    request.app[FINDER].forget()
    return go_to(f"/admin/directory/entries/{entry.id}")


async def _again(request: web.Request) -> web.StreamResponse:
    """The form as the entry is now; one that was removed meanwhile is not there to be changed."""
    kept = await request.app[CONSOLE].store.directory.find(request.match_info.get("entry", ""))
    if kept is None:
        raise web.HTTPNotFound
    wrong = Problem(1, "", CHANGED)
    cells = cells_of(kept.entry)
    return await _form(request, cells, 409, version=kept.version, known=kept.entry.id, problems=[wrong])


async def _form(
    request: web.Request,
    cells: Mapping[str, str],
    status: int = 200,
    *,
    version: int = 0,
    known: str = "",
    problems: list[Problem] | None = None,
) -> web.Response:
    store = request.app[CONSOLE].store
    centre = await store.centres.current()
    return await answer_page(
        request,
        status,
        "directory_entry.html",
        cells=cells,
        heads={field: head for head, field in COLUMNS.items() if field != "id"},
        choices=CHOICES,
        help=HELP,
        departments=centre.departments,
        version=version,
        known=known,
        problems={one.field: one.text for one in problems or ()},
        changes=[(one, changed_fields(one)) for one in await store.directory.changes(20, known)] if known else [],
        names={user.id: user.name for user in await store.users.list()},
    )
