"""変更履歴: who changed what and when, in words; each version to be seen, saved as a file, and brought back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import yaml
from aiohttp import web

from agent_console.centre.addresses import ROOT, field_in, pairs_of, version_in
from agent_console.centre.changes import changes
from agent_console.centre.current import names_of_users, newest, read_again
from agent_console.centre.parts import Plain
from agent_console.centre.problems import checked
from agent_console.centre.proposal import Problems, Proposal, settle
from agent_console.centre.things import not_possible
from agent_console.console import CONSOLE
from agent_console.layout import render
from crm.centres import CentreVersion, KeptVersion
from ivr.seed_file import written

ON_A_PAGE = 20
LOG = f"{ROOT}/log"


@dataclass(frozen=True, slots=True)
class Step:
    """One version and what it changed; ``lines`` None for the first, which had nothing before it."""

    version: KeptVersion
    by: str
    lines: Sequence[str] | None


async def page(request: web.Request) -> web.StreamResponse:
    """The newest versions, or those up to the one that is asked for."""
    asked = request.query.get("to", "")
    up_to = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None
    steps = await _steps(request, ON_A_PAGE, up_to)
    last = steps[-1].version.version if steps else 0
    return await render(
        request, "centre/log.html", steps=steps, earlier=last - 1 if last > 1 else None, saved="saved" in request.query
    )


async def version(request: web.Request) -> web.StreamResponse:
    """One version, whole."""
    kept = await _kept(request)
    (step,) = await _steps(request, 1, kept.version)
    return await render(
        request,
        "centre/version.html",
        step=step,
        text=_yaml(kept.document),
        newest=(await newest(request)).version == kept.version,
    )


async def as_yaml(request: web.Request) -> web.StreamResponse:
    """The version as a seed file."""
    kept = await _kept(request)
    return _file(kept, _yaml(kept.document), "yaml", "application/yaml")


async def as_json(request: web.Request) -> web.StreamResponse:
    """The version with every field written out."""
    kept = await _kept(request)
    text = json.dumps(read_again(kept.document), ensure_ascii=False, indent=1)
    return _file(kept, text, "json", "application/json")


async def undo(request: web.Request) -> web.StreamResponse:
    """The version of the address as a new version; its differences from the newest one first."""
    kept, now = await _kept(request), await newest(request)
    path = f"{LOG}/{kept.version}/undo"
    proposal = Proposal(f"第{kept.version}版に戻す", path, LOG, lambda _: read_again(kept.document))
    pairs = await pairs_of(request)

    async def refused(_: CentreVersion, document: Plain, problems: Problems) -> web.StreamResponse:
        return await not_possible(request, proposal, document, problems)

    return await settle(request, proposal, field_in(pairs, "do"), version_in(pairs, now.version), refused)


async def _kept(request: web.Request) -> KeptVersion:
    given = request.match_info["version"]
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise web.HTTPNotFound
    found = await request.app[CONSOLE].store.centres.kept(1, int(given))
    if not found or found[0].version != int(given):
        raise web.HTTPNotFound
    return found[0]


async def _steps(request: web.Request, limit: int, up_to: int | None) -> list[Step]:
    kept = await request.app[CONSOLE].store.centres.kept(limit + 1, up_to)
    names = await names_of_users(request)
    documents = [read_again(one.document) for one in kept]
    lines: list[Sequence[str] | None] = [changes(before, after) for after, before in pairwise(documents)]
    if len(kept) <= limit:
        lines.append(None)
    return [Step(one, names.get(one.by, one.by), told) for one, told in zip(kept, lines, strict=False)]


def _yaml(document: Plain) -> str:
    centre, _ = checked(document)
    return written(centre) if centre else yaml.safe_dump(dict(document), allow_unicode=True, sort_keys=False)


def _file(kept: KeptVersion, text: str, ending: str, kind: str) -> web.Response:
    headers = {"Content-Disposition": f'attachment; filename="centre-{kept.version}.{ending}"'}
    return web.Response(text=text, content_type=kind, charset="utf-8", headers=headers)
