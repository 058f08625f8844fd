"""Drafts: what is typed survives a reload and a crash, and is the same in all windows of its author."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from aiohttp import web

from agent_console import words
from agent_console.console import CONSOLE, HUB, user_of
from agent_console.desk.form import FIELDS, VERSIONS, HistoryForm, draft_fields, number
from agent_console.desk.own_call import own_call
from agent_console.posted import posted
from agent_console.seen import seen
from crm.drafts import case_form
from crm.viewings import Citizen

LONGEST_WINDOW = 64


async def draft(request: web.Request) -> web.StreamResponse:
    """The author's own, for a window that has an older one."""
    call = await own_call(request)
    return await own_draft(request, call.id, Citizen(call=call.id))


async def own_draft(request: web.Request, about: str, of: Citizen) -> web.Response:
    """What the user has typed into the form ``about`` that citizen; 404 where there is no draft (any more)."""
    kept = await request.app[CONSOLE].store.drafts.find(about, user_of(request).id)
    seen(request, (of,) if kept else ())
    if kept is None:
        return web.json_response({}, status=404)
    return web.json_response({"version": kept.version, "at": words.clock_time(kept.saved), "fields": dict(kept.fields)})


async def keep_draft(request: web.Request) -> web.StreamResponse:
    """Keep what is typed."""
    call = await own_call(request)
    fields = await posted(request)
    return await keep_fields(request, call.id, fields, draft_fields(fields), written=number(fields.get("version", "")))


async def opened(request: web.Request) -> web.StreamResponse:
    """The form is open in a window; its case, too, where one is chosen."""
    call = await own_call(request)
    case = (await posted(request)).get("case", "")
    about = (call.id, case_form(case)) if case else (call.id,)
    await mark_open(request, about)
    return web.Response(status=204)


async def mark_open(request: web.Request, about: tuple[str, ...]) -> None:
    """Mark it for others, and show it to those who have the same open."""
    console, user = request.app[CONSOLE], user_of(request).id
    if await console.store.open_pages.opened(about, user, console.clock()):
        show_marks(request)


def show_marks(request: web.Request) -> None:
    """Marks have changed: the pages on which they may be shown are rendered anew."""
    for beginning in ("desk ", "case "):
        request.app[HUB].touch(beginning)


async def keep_fields(
    request: web.Request,
    about: str,
    fields: Mapping[str, str],
    kept_fields: Mapping[str, str],
    *,
    written: int = 0,
    history: str | None = None,
) -> web.Response:
    """Keep ``kept_fields`` of what was posted for the form ``about``, and tell the author's other windows."""
    console, author = request.app[CONSOLE], user_of(request).id
    window = fields.get("window", "")[:LONGEST_WINDOW]
    kept = await console.store.drafts.save(
        about, author, kept_fields, console.clock(), window=window, written=written, history=history
    )
    if kept is None:
        return web.json_response({"saved": True}, status=409)
    request.app[HUB].touch(f"desk {author}")
    request.app[HUB].touch(f"{about} {author}")
    return web.json_response({"version": kept.version, "at": words.clock_time(kept.saved)})


async def keep(request: web.Request, form: HistoryForm, author: str) -> HistoryForm:
    """``form``, which could not be saved, as its draft."""
    console = request.app[CONSOLE]
    fields = {name: form.values[name] for name in FIELDS} | {name: str(getattr(form, name)) for name in VERSIONS}
    kept = await console.store.drafts.save(
        form.call.id, author, fields, console.clock(), window="", written=form.version
    )
    return replace(form, draft_version=kept.version) if kept else form
