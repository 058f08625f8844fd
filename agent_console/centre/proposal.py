"""From a changed document to a saved version: checked as a whole, spoken, shown as differences, confirmed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web

from agent_console.centre.changes import changes
from agent_console.centre.current import meanwhile, newest, whole
from agent_console.centre.parts import Plain
from agent_console.centre.problems import checked, in_words
from agent_console.centre.standing import RENDER, needs_render, warnings
from agent_console.centre.view import Location
from agent_console.console import CONSOLE, REHEARSAL, user_of
from agent_console.layout import answer_page, go_to
from crm.centres import CentreVersion
from crm.errors import Changed
from ivr.rehearsal import BadPlaceholder, PromptFailed
from kernel.centre import Centre
from kernel.language import JAPANESE

Problems = Mapping[Location, Sequence[str]]
SAVE, CHECK = "save", "check"


@dataclass(frozen=True, slots=True)
class Proposal:
    """``make`` gives the document from the newest one. ``carried`` comes back with the confirmation, which is posted to
    ``action``; ``after`` is where saving leads. ``editable``: it can be gone back to, with what was typed.
    """

    title: str
    action: str
    after: str
    make: Callable[[Plain], Plain]
    carried: Sequence[tuple[str, str]] = ()
    editable: bool = False


Refused = Callable[[CentreVersion, Plain, Problems], Awaitable[web.StreamResponse]]
"""Shows what is wrong with the document that was made from the version."""


async def settle(request: web.Request, proposal: Proposal, do: str, seen: int, refused: Refused) -> web.StreamResponse:
    """Save, where that was asked for on a page that showed the differences from the newest version; else show them."""
    now = await newest(request)
    document = proposal.make(whole(now.centre))
    after, problems = checked(document)
    problems = problems or await _unspoken(request, now.centre, after)
    if after is None or problems:
        return await refused(now, document, problems)
    if do == SAVE and seen == now.version and after != now.centre:
        if await _saved(request, after, now.version):
            return go_to(f"{proposal.after}?saved={now.version + 1}")
        return await settle(request, proposal, CHECK, seen, refused)
    return await _review(request, proposal, now, after, seen)


async def _saved(request: web.Request, centre: Centre, expected: int) -> bool:
    console = request.app[CONSOLE]
    try:
        await console.store.centres.save(centre, by=user_of(request).id, now=console.clock(), expected_version=expected)
    except Changed:
        return False
    return True


async def _unspoken(request: web.Request, before: Centre, after: Centre | None) -> Problems:
    """The announcements that are new and that the voice can't speak."""
    if after is None:
        return {}
    known = {(language, id): text for _, language, id, text in _spoken(before)}
    found: dict[Location, Sequence[str]] = {}
    for at, language, id, text in _spoken(after):
        if known.get((language, id)) == text:
            continue
        try:
            await request.app[REHEARSAL].speak(id, text, language)
        except (PromptFailed, BadPlaceholder) as wrong:
            found[at] = [in_words(str(wrong))]
    return found


def _spoken(centre: Centre) -> Iterator[tuple[Location, str, str, str]]:
    """All announcements: place, language, id and text."""
    for id, text in centre.announcements.items():
        yield ("announcements", id), JAPANESE, id, text
    for number, one in enumerate(centre.translations):
        for id, text in one.announcements.items():
            yield ("translations", number, "announcements", id), one.language, id, text


async def _review(
    request: web.Request, proposal: Proposal, now: CentreVersion, after: Centre, seen: int
) -> web.StreamResponse:
    old, new = whole(now.centre), whole(after)
    lines = changes(old, new)
    others = await meanwhile(request, seen, now)
    return await answer_page(
        request,
        409 if others else 200,
        "centre/review.html",
        proposal=proposal,
        lines=lines,
        version=now.version,
        others=others,
        warnings=warnings(await request.app[CONSOLE].store.calls.unfinished(), now.centre, after),
        render=RENDER if needs_render(old, new) else "",
    )
