"""番号表の管理: the directory as a file, what is wrong with one, and who changed what (T5)."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from agent_console.console import CONSOLE, FINDER, user_of
from agent_console.layout import answer_page
from crm.directory.csv_text import COLUMNS, Unreadable, cells_of, write
from crm.directory.importing import Imported, import_file, told
from crm.directory.values import Change
from kernel.directory import Entry

MOST_CHANGES = 100
MOST_PROBLEMS = 200


async def page(request: web.Request) -> web.StreamResponse:
    """File in, file out, and the last changes."""
    return await _page(request)


async def export(request: web.Request) -> web.StreamResponse:
    """The directory as the same CSV that is imported."""
    kept = await request.app[CONSOLE].store.directory.all()
    headers = {"Content-Disposition": 'attachment; filename="directory.csv"'}
    return web.Response(
        text=write(one.entry for one in kept), content_type="text/csv", charset="utf-8", headers=headers
    )


async def load(request: web.Request) -> web.StreamResponse:
    """Make the file that was sent the directory, or tell line by line what is wrong."""
    console, sent = request.app[CONSOLE], await request.post()
    file = sent.get("file")
    if not isinstance(file, web.FileField) or not file.filename:
        return await _page(request, 422, problem="CSVファイルを選んでください。")
    with file.file as opened:
        written = opened.read()
    departments = {one.id for one in (await console.store.centres.current()).departments}
    try:
        imported = await import_file(
            console.store.directory,
            written,
            departments,
            by=user_of(request).id,
            now=console.clock(),
            skip_wrong="skip" in sent,
        )
    except Unreadable as wrong:
        return await _page(request, 422, problem=str(wrong))
    request.app[FINDER].forget()
    return await _page(request, 200 if imported.replaced else 422, imported=imported)


def changed_fields(change: Change) -> list[tuple[str, str, str]]:
    """What differs: the head of the column, before and after."""
    before, after = _cells(change.before), _cells(change.after)
    return [(head, before[field], after[field]) for head, field in COLUMNS.items() if before[field] != after[field]]


def _cells(entry: Entry | None) -> dict[str, str]:
    return cells_of(entry) if entry else dict.fromkeys(COLUMNS.values(), "")


async def _page(
    request: web.Request, status: int = 200, *, problem: str = "", imported: Imported | None = None
) -> web.Response:
    store = request.app[CONSOLE].store
    names = {user.id: user.name for user in await store.users.list()}
    return await answer_page(
        request,
        status,
        "directory_admin.html",
        entries=len((await request.app[FINDER].index()).entries),
        columns=list(COLUMNS),
        problem=problem,
        imported=imported,
        told=_told(imported),
        most_told=MOST_PROBLEMS,
        changes=[(change, changed_fields(change)) for change in await store.directory.changes(MOST_CHANGES)],
        names=names,
    )


def _told(imported: Imported | None) -> Sequence[str]:
    return [told(problem) for problem in imported.problems[:MOST_PROBLEMS]] if imported else ()
