"""The newest version of the centre's document, and what others have changed since a page was opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web

from agent_console.centre.changes import changes
from agent_console.centre.parts import Plain
from agent_console.console import CONSOLE
from agent_console.words import clock_time
from crm.centres import CentreVersion, KeptVersion, NoCentre
from kernel.centre import Centre

MOST_VERSIONS_BEHIND = 1000


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What others have saved since: by whom, and what it changed."""

    by: str
    lines: Sequence[str]


def whole(centre: Centre) -> dict[str, object]:
    """``centre`` as plain data with every field in it."""
    return centre.model_dump(mode="json")


def read_again(document: Plain) -> Plain:
    """A stored document with every field that it has today; one that is no longer understood stays as it lies."""
    try:
        return whole(Centre.model_validate(document))
    except ValueError:
        return document


async def newest(request: web.Request) -> CentreVersion:
    """The newest version, read now. Raises NoCentre."""
    centres = request.app[CONSOLE].store.centres
    await centres.refresh()
    version = await centres.current_version()
    if version is None:
        raise NoCentre("the centre has no configuration yet")
    return version


async def names_of_users(request: web.Request) -> Mapping[str, str]:
    """What people are called, by their id."""
    return {user.id: user.name for user in await request.app[CONSOLE].store.users.list()}


async def meanwhile(request: web.Request, seen: int, now: CentreVersion) -> Meanwhile | None:
    """Who has changed what since version ``seen``; None where nobody has."""
    if seen >= now.version:
        return None
    limit = min(now.version - seen + 1, MOST_VERSIONS_BEHIND)
    kept = await request.app[CONSOLE].store.centres.kept(limit, now.version)
    names = await names_of_users(request)
    by = "、".join(dict.fromkeys(_who(one, names) for one in reversed(kept) if one.version > seen))
    return Meanwhile(by, changes(read_again(kept[-1].document), whole(now.centre)))


def _who(version: KeptVersion, names: Mapping[str, str]) -> str:
    return f"{names.get(version.by, version.by)}さん({clock_time(version.at)})"
