"""The form of a part, or of one thing of it: what was typed stays, whatever is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from aiohttp import web

from agent_console.centre import queue_labels
from agent_console.centre.addresses import address_of, list_address
from agent_console.centre.current import meanwhile, whole
from agent_console.centre.labels import groups
from agent_console.centre.parts import Part, Plain, names_of, place_of, put, shape_of
from agent_console.centre.problems import Elsewhere, elsewhere
from agent_console.centre.typed import Typed, mapping, plain
from agent_console.centre.uses import REFERRED, SPOKEN, uses
from agent_console.centre.view import KEY, Draw, Field, Location
from agent_console.layout import answer_page
from crm.centres import CentreVersion

HEADINGS = {"queues": queue_labels.GROUPS}


@dataclass(frozen=True, slots=True)
class Opened:
    """A form with ``typed`` in it, which was opened on version ``seen``. ``focus`` is where the reader is led.

    ``heard`` is the name of the sound to be played, by field; ``document`` is what it would make, with what is wrong.
    """

    part: Part
    id: str | None
    now: CentreVersion
    typed: Typed
    seen: int = 0
    document: Plain | None = None
    problems: Mapping[Location, Sequence[str]] = field(default_factory=dict[Location, Sequence[str]])
    focus: str = ""
    heard: str = ""
    notice: str = ""


async def formed(request: web.Request, form: Opened, status: int = 200) -> web.StreamResponse:
    """The page."""
    document = form.document or whole(form.now.centre)
    draw = Draw(names_of(_named(form)), form.problems, form.focus, keeps_ids=form.id is not None)
    fields = _fields(form, draw)
    return await answer_page(
        request,
        status,
        "centre/form.html",
        part=form.part,
        id=form.id,
        name=dict(names_of(whole(form.now.centre)).get(form.part.id, ())).get(form.id or "", form.id),
        action=address_of(form.part, form.id),
        back=list_address(form.part) if form.part.many else "/admin/centre",
        groups=_grouped(form.part, fields),
        version=form.now.version,
        others=await meanwhile(request, form.seen, form.now) if form.seen else None,
        told=elsewhere(document, form.problems, draw.shown),
        wrong=bool(form.problems) or bool(form.notice),
        heard=form.heard,
        notice=form.notice,
        uses=_uses(form),
        spoken=SPOKEN.get(form.id or "", "") if form.part.id == "announcements" else "",
        saved="saved" in request.query,
    )


def _uses(form: Opened) -> Sequence[Elsewhere] | None:
    """Where a thing that is there is used; None for what others don't name."""
    if form.id is None or form.part.id not in REFERRED:
        return None
    return uses(whole(form.now.centre), form.part, form.id)


def _named(form: Opened) -> Plain:
    """What there is to choose from: with what the form itself has just named, as a number that leads somewhere."""
    document = whole(form.now.centre)
    return (
        document if form.part.many else put(form.part, document, None, mapping(plain(shape_of(form.part), form.typed)))
    )


def _fields(form: Opened, draw: Draw) -> list[Field]:
    shape, typed = shape_of(form.part), mapping(form.typed)
    at = place_of(form.part, whole(form.now.centre), form.id, mapping(plain(shape, form.typed)))
    if form.part.mapped:
        key, value = shape.members
        inner = draw.field(value, typed["value"], "value", at)
        named = inner if inner.kind != "record" else replace(inner, label="")
        return [draw.field(key, typed["key"], "key", (*at, KEY)), named]
    return [draw.field(one, typed[one.name], one.name, (*at, one.name)) for one in shape.members]


def _grouped(part: Part, fields: Sequence[Field]) -> list[tuple[str, list[Field]]]:
    """Under headings, where there are many."""
    if part.id not in HEADINGS:
        return [("", list(fields))]
    by_name = {one.name: one for one in fields}
    return [(title, [by_name[name] for name in names]) for title, names in groups(list(by_name), HEADINGS[part.id])]
