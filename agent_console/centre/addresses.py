"""What a request of these pages names: the part, the thing, the version that was seen, what was typed."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from aiohttp import web

from agent_console.centre.parts import BY_ID, Part

ROOT = "/admin/centre"
OWN = frozenset({"csrf", "do", "version"})
"""Fields of a form that are none of the document."""


def part_of(request: web.Request) -> Part:
    """The part of the address; raises HTTPNotFound."""
    part = BY_ID.get(request.match_info["part"])
    if part is None:
        raise web.HTTPNotFound
    return part


def list_address(part: Part) -> str:
    """Where all of the part is shown."""
    return f"{ROOT}/{part.id}"


def address_of(part: Part, id: str | None) -> str:
    """Where the form is, of the part or of one thing of it; None is a new one."""
    if not part.many:
        return list_address(part)
    return f"{ROOT}/new/{part.id}" if id is None else f"{list_address(part)}/{quote(id, safe='')}"


async def pairs_of(request: web.Request) -> Sequence[tuple[str, str]]:
    """The texts that were posted, in order."""
    return [(name, value) for name, value in (await request.post()).items() if isinstance(value, str)]


def typed_in(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those that were typed."""
    return [(name, value) for name, value in pairs if name not in OWN]


def field_in(pairs: Sequence[tuple[str, str]], name: str) -> str:
    """The first text of that name, or ""."""
    return next((value for one, value in pairs if one == name), "")


def version_in(pairs: Sequence[tuple[str, str]], newest: int) -> int:
    """The version on which the page was opened; ``newest`` where none is named."""
    given = field_in(pairs, "version")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else newest
