"""What the buttons of a form do: rows, hearing, checking, saving."""

from __future__ import annotations

from dataclasses import replace

from aiohttp import web

from agent_console.centre import rows
from agent_console.centre.addresses import address_of, field_in, list_address, pairs_of, part_of, typed_in, version_in
from agent_console.centre.current import newest, whole
from agent_console.centre.form_page import Opened, formed
from agent_console.centre.parts import Part, Plain, label_of, place_of, put, shape_of, taken, things
from agent_console.centre.problems import in_words
from agent_console.centre.proposal import CHECK, SAVE, Problems, Proposal, settle
from agent_console.centre.sounds import name_of
from agent_console.centre.typed import Texts, items, mapping, plain, read
from agent_console.centre.view import KEY, Location, has_doubles
from agent_console.console import REHEARSAL
from crm.centres import CentreVersion
from ivr.rehearsal import BadPlaceholder, PromptFailed
from kernel.language import JAPANESE

DOUBLES = "同じものが2つあります。▲の付いた欄を直してください。"
LONGEST = 1000
"""Of an announcement (kernel.document.Text)."""
TOO_LONG = f"{LONGEST}文字以内で入力してください。"
TAKEN = "このIDはすでに使われています。"


async def change(request: web.Request) -> web.StreamResponse:
    """A button of the form of a part."""
    part = part_of(request)
    if part.many:
        raise web.HTTPNotFound
    return await _pressed(request, part, None)


async def change_new(request: web.Request) -> web.StreamResponse:
    """A button of the form of a new thing."""
    part = part_of(request)
    if not part.many:
        raise web.HTTPNotFound
    return await _pressed(request, part, None)


async def change_thing(request: web.Request) -> web.StreamResponse:
    """A button of the form of a thing; it may be gone meanwhile, then saving brings it back."""
    part = part_of(request)
    if not part.many:
        raise web.HTTPNotFound
    return await _pressed(request, part, request.match_info["item"])


async def _pressed(request: web.Request, part: Part, id: str | None) -> web.StreamResponse:
    pairs, now = await pairs_of(request), await newest(request)
    typed = read(shape_of(part), "", Texts(pairs))
    form = Opened(part, id, now, typed, version_in(pairs, now.version))
    verb, _, name = field_in(pairs, "do").partition(":")
    match verb:
        case "add" | "remove" | "up":
            return await formed(request, _with_rows(form, verb, name))
        case "hear":
            return await _heard(request, form, name)
        case "edit":
            return await formed(request, form)
        case _:
            return await _settled(request, form, SAVE if verb == SAVE else CHECK, typed_in(pairs))


def _with_rows(form: Opened, verb: str, name: str) -> Opened:
    """Raises HTTPBadRequest where the page names what it has not."""
    shape = shape_of(form.part)
    try:
        match verb:
            case "add":
                return replace(form, focus=f"{name}.{rows.added(shape, form.typed, name)}")
            case "remove":
                rows.removed(shape, form.typed, name)
            case _:
                rows.raised(shape, form.typed, name)
    except rows.NoSuchPlace as wrong:
        raise web.HTTPBadRequest from wrong
    return replace(form, focus=name.rpartition(".")[0])


async def _heard(request: web.Request, form: Opened, name: str) -> web.StreamResponse:
    """The announcement as it is typed, spoken; ``name`` is its row among those of another language."""
    at, language, id, text = _wanted(form, name)
    if len(text) > LONGEST:
        return await formed(request, replace(form, problems={at: [TOO_LONG]}), 422)
    try:
        await request.app[REHEARSAL].speak(id, text, language)
    except (PromptFailed, BadPlaceholder) as wrong:
        return await formed(request, replace(form, problems={at: [in_words(str(wrong))]}), 422)
    return await formed(request, replace(form, heard=name_of(id, text, language), focus=name))


def _wanted(form: Opened, name: str) -> tuple[Location, str, str, str]:
    """The place in the document, the language, the id and the text that is to be heard. Raises HTTPBadRequest."""
    typed = mapping(form.typed)
    if form.part.id == "announcements":
        return ("announcements", str(typed["key"])), JAPANESE, str(typed["key"]), str(typed["value"])
    rows, number = items(typed.get("announcements")), name.removeprefix("announcements.")
    if form.part.id != "translations" or not number.isdecimal() or int(number) >= len(rows):
        raise web.HTTPBadRequest
    row, document = mapping(rows[int(number)]), whole(form.now.centre)
    at = (*place_of(form.part, document, form.id, typed), "announcements", str(row["key"]))
    return at, str(typed["language"]), str(row["key"]), str(row["value"])


async def _settled(request: web.Request, form: Opened, do: str, carried: list[tuple[str, str]]) -> web.StreamResponse:
    part, shape = form.part, shape_of(form.part)
    data = mapping(plain(shape, form.typed))
    if has_doubles(shape, form.typed):
        return await formed(request, replace(form, notice=DOUBLES), 422)
    if taken(part, whole(form.now.centre), form.id, data):
        told = {(part.fields[0], str(data["key"]), KEY): [TAKEN]}
        return await formed(request, replace(form, problems=told), 422)
    proposal = Proposal(
        _title(form),
        address_of(part, form.id),
        list_address(part),
        lambda document: put(part, document, form.id, data),
        carried,
        editable=True,
    )

    async def refused(now: CentreVersion, document: Plain, problems: Problems) -> web.StreamResponse:
        return await formed(request, replace(form, now=now, document=document, problems=problems), 422)

    return await settle(request, proposal, do, form.seen, refused)


def _title(form: Opened) -> str:
    part = form.part
    if not part.many:
        return f"{part.title}の変更"
    if form.id is None:
        return f"{part.one}の追加"
    held = dict(things(part, whole(form.now.centre)))
    return f"{part.one}「{label_of(part, form.id, held.get(form.id))}」の変更"
