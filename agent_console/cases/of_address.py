"""The case that an address names."""

from __future__ import annotations

from aiohttp import web

from agent_console.console import CONSOLE
from crm.cases import NoSuchCase
from kernel.case import Case


async def case_of(request: web.Request) -> Case:
    """By its number. Raises HTTPNotFound."""
    number = number_of(request.match_info["number"])
    if number is None:
        raise web.HTTPNotFound
    try:
        return await request.app[CONSOLE].store.cases.by_number(number)
    except NoSuchCase as error:
        raise web.HTTPNotFound from error


def number_of(text: str) -> int | None:
    """A case's number as it stands in an address."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
