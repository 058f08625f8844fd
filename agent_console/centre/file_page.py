"""The whole document from a file, as ``denwa seed`` loads it: mistakes with their lines, differences, confirmation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from aiohttp import web
from aiohttp.web_request import FileField

from agent_console.centre.addresses import ROOT, field_in, pairs_of, version_in
from agent_console.centre.current import newest, whole
from agent_console.centre.log import LOG
from agent_console.centre.parts import Plain
from agent_console.centre.problems import in_words
from agent_console.centre.proposal import Problems, Proposal, settle
from agent_console.centre.things import not_possible
from agent_console.layout import answer_page, render
from crm.centres import CentreVersion
from ivr.seed_file import SeedError, parse
from ivr.yaml_lines import Problem
from kernel.centre import Centre

NO_FILE = Problem(0, "", "ファイルを選んでください。")


async def page(request: web.Request) -> web.StreamResponse:
    """Where a file is chosen."""
    return await render(request, "centre/file.html", problems=(), version=(await newest(request)).version)


async def load(request: web.Request) -> web.StreamResponse:
    """The file's differences; with the confirmation comes its text again."""
    pairs, now = await pairs_of(request), await newest(request)
    given = (await request.post()).get("file")
    text = given.file.read() if isinstance(given, FileField) else field_in(pairs, "text").encode()
    try:
        if not text:
            return await _refused(request, [NO_FILE], now)
        centre = parse(Path("file"), text)
    except SeedError as wrong:
        return await _refused(request, wrong.problems, now)
    return await _settled(request, centre, text, pairs, now)


async def _settled(
    request: web.Request, centre: Centre, text: bytes, pairs: Sequence[tuple[str, str]], now: CentreVersion
) -> web.StreamResponse:
    carried = [("text", text.decode("utf-8-sig"))]
    proposal = Proposal("ファイルの内容に置き換える", f"{ROOT}/file", LOG, lambda _: whole(centre), carried)

    async def refused(_: CentreVersion, document: Plain, problems: Problems) -> web.StreamResponse:
        return await not_possible(request, proposal, document, problems)

    return await settle(request, proposal, field_in(pairs, "do"), version_in(pairs, now.version), refused)


async def _refused(request: web.Request, problems: Sequence[Problem], now: CentreVersion) -> web.StreamResponse:
    told = [Problem(one.line, one.path, in_words(one.message)) for one in problems]
    return await answer_page(request, 422, "centre/file.html", problems=told, version=now.version)
