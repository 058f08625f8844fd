"""The pages on which the parts of the centre's document are listed and opened, and buttons that need no form (Q6)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from agent_console.centre.addresses import address_of, field_in, list_address, pairs_of, part_of, version_in
from agent_console.centre.current import newest, whole
from agent_console.centre.form_page import Opened, formed
from agent_console.centre.parts import (
    Part,
    Plain,
    columns,
    data_of,
    label_of,
    names_of,
    shape_of,
    thing_shape,
    things,
)
from agent_console.centre.problems import elsewhere
from agent_console.centre.proposal import Problems, Proposal, settle
from agent_console.centre.shape import Record
from agent_console.centre.typed import mapping, opened
from agent_console.centre.uses import SPOKEN
from agent_console.centre.wording import Names, spelled
from agent_console.layout import answer_page, render
from crm.centres import CentreVersion

WHEN = "自動で話すとき"
"""Above what the platform speaks of itself."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Make = Callable[[Part, Plain, str], Plain]


@dataclass(frozen=True, slots=True)
class Row:
    """One thing of a part: ``address`` of its form, and its columns in words."""

    id: str
    address: str
    name: str
    cells: tuple[str, ...]


async def page(request: web.Request) -> web.StreamResponse:
    """All things of the part of the address, or its form where it is one."""
    part, now = part_of(request), await newest(request)
    document = whole(now.centre)
    if not part.many:
        return await formed(request, Opened(part, None, now, opened(shape_of(part), data_of(part, document, None))))
    return await render(
        request,
        "centre/list.html",
        part=part,
        rows=_rows(part, document),
        columns=[one.label for one in columns(part)] or ([WHEN, part.title] if part.mapped else []),
        new=address_of(part, None),
        version=now.version,
        saved="saved" in request.query,
    )


async def new(request: web.Request) -> web.StreamResponse:
    """The form of a thing that is not there yet."""
    part, now = part_of(request), await newest(request)
    if not part.many:
        raise web.HTTPNotFound
    return await formed(request, Opened(part, None, now, opened(shape_of(part), None)))


async def thing(request: web.Request) -> web.StreamResponse:
    """The form of one thing."""
    part, now = part_of(request), await newest(request)
    id, document = request.match_info["item"], whole(now.centre)
    if not part.many or id not in dict(things(part, document)):
        raise web.HTTPNotFound
    return await formed(request, Opened(part, id, now, opened(shape_of(part), data_of(part, document, id))))


def button(make: Make, title: str, verb: str) -> Handler:
    """The handler of a button that does ``make`` to the thing of the address, once its differences are confirmed."""

    async def pressed(request: web.Request) -> web.StreamResponse:
        part, id, now = part_of(request), request.match_info["item"], await newest(request)
        held = dict(things(part, whole(now.centre))) if part.many else {}
        if id not in held:
            raise web.HTTPNotFound
        pairs = await pairs_of(request)
        name = f"{part.one}「{label_of(part, id, held[id])}」"
        path = f"{address_of(part, id)}/{verb}"
        proposal = Proposal(name + title, path, list_address(part), lambda document: make(part, document, id))

        async def refused(_: CentreVersion, document: Plain, problems: Problems) -> web.StreamResponse:
            return await not_possible(request, proposal, document, problems)

        return await settle(request, proposal, field_in(pairs, "do"), version_in(pairs, now.version), refused)

    return pressed


async def not_possible(
    request: web.Request, proposal: Proposal, document: Plain, problems: Problems
) -> web.StreamResponse:
    """Why a whole document can't be saved, with the pages that mend it."""
    told = elsewhere(document, problems, set())
    return await answer_page(request, 422, "centre/refused.html", title=proposal.title, told=told, back=proposal.after)


def _rows(part: Part, document: Plain) -> list[Row]:
    names = names_of(document)
    return [
        Row(id, address_of(part, id), label_of(part, id, one), _cells(part, id, one, names))
        for id, one in things(part, document)
    ]


def _cells(part: Part, id: str, thing: object, names: Names) -> tuple[str, ...]:
    shape = thing_shape(part)
    if not isinstance(shape, Record):
        return (SPOKEN.get(id, ""), str(thing))
    return tuple(spelled(one.shape, mapping(thing).get(one.name), names) for one in columns(part))
