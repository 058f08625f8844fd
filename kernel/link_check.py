"""What links by SMS ask of the rest of the centre's document: words for callers, and a key that asks for each (T13)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from kernel import announcement, voicebot_check
from kernel.callback_check import menu_leads, waiting_leads

Location = tuple[str | int, ...]
Plain = Mapping[str, object]
KEYS = frozenset("0123456789*#")


def loose_links(centre: Plain) -> Iterator[tuple[Location, str]]:
    """Where something is missing, or a link would be sent to who has not asked for it."""
    leads = [(at, lead) for at, lead in _leads(centre) if lead.get("link")]
    for at, _ in leads:
        if at[-1] not in KEYS:
            yield at, "a link is sent to who has pressed a key for it: write it at a key, or give it to a topic"
    needed = announcement.FOR_LINK_KEYS if leads else frozenset[str]()
    if any(name for _, kind, name in voicebot_check.named(centre) if kind == "link"):
        needed |= announcement.FOR_LINKS
    for id in sorted(needed - _mapping(centre.get("announcements")).keys()):
        yield ("announcements", id), "write this announcement: callers are offered a link by SMS"


def _leads(centre: Plain) -> Iterator[tuple[Location, Plain]]:
    yield from menu_leads(centre)
    yield from waiting_leads(centre)
    for at, lead in voicebot_check.leads(centre):
        yield at, _mapping(lead)
    for number, lead in _mapping(centre.get("number_leads")).items():
        yield ("number_leads", number), _mapping(lead)


def _mapping(value: object) -> Plain:
    return cast("Plain", value) if isinstance(value, Mapping) else {}
