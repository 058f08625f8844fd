"""What calling back, leaving messages and the keys of waiting callers ask of the rest of the centre's document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from kernel import announcement

Location = tuple[str | int, ...]
Plain = Mapping[str, object]
Found = tuple[Location, str]


def loose_ends(centre: Plain) -> Iterator[Found]:
    """Where something is missing, and what."""
    from_menus = dict(menu_leads(centre))
    leads = [*(lead for _, lead in waiting_leads(centre)), *from_menus.values()]
    texts = _mapping(centre.get("announcements"))
    if any(_calls_back(lead) for lead in leads):
        yield from _missing(announcement.FOR_CALLBACKS - texts.keys(), "callers are asked and told by it")
    if any(lead.get("message") for lead in leads):
        yield from _missing(announcement.FOR_MESSAGES - texts.keys(), "who leaves a message hears it at the end")
    for at, lead in from_menus.items():
        if _calls_back(lead):
            yield at, "a callback keeps a place in a queue: lead to the queue, and offer the callback there"
    yield from _shown(centre)
    languages = [_mapping(one).get("language") for one in _items(centre.get("interpreters"))]
    for place, language in enumerate(languages):
        if language in languages[:place]:
            yield (
                ("interpreters", place, "language"),
                f"{language!r} stands twice: put all its numbers together",
            )


def _shown(centre: Plain) -> Iterator[Found]:
    """Nobody is called under a number that is not the centre's (T10)."""
    outgoing = _mapping(centre.get("outgoing"))
    owned = {*_items(centre.get("numbers")), *_items(outgoing.get("owns"))}
    purposes = [_mapping(purpose) for purpose in _items(outgoing.get("purposes"))]
    queues = {_mapping(queue).get("id") for queue in _items(centre.get("queues"))}
    shown: dict[Location, object] = {("outgoing", "shows"): outgoing.get("shows")}
    shown |= {("outgoing", "purposes", number, "shows"): one.get("shows") for number, one in enumerate(purposes)}
    for place, shows in shown.items():
        if shows is not None and shows not in owned:
            yield place, f"{shows!r} is none of the centre's numbers"
    for number, purpose in enumerate(purposes):
        if purpose.get("queue") is not None and purpose["queue"] not in queues:
            yield ("outgoing", "purposes", number, "queue"), f"there is no queue {purpose['queue']!r}"
        if purpose.get("id") in [other.get("id") for other in purposes[:number]]:
            yield ("outgoing", "purposes", number, "id"), f"{purpose['id']!r} stands twice"


def waiting_leads(centre: Plain) -> Iterator[tuple[Location, Plain]]:
    """Where keys lead from the queues, with their places."""
    for number, queue in enumerate(_items(centre.get("queues"))):
        for key, lead in _mapping(_mapping(queue).get("keys")).items():
            yield ("queues", number, "keys", key), _mapping(lead)
        for place, rule in enumerate(_items(_mapping(queue).get("overflow"))):
            yield ("queues", number, "overflow", place, "to"), _mapping(_mapping(rule).get("to"))


def menu_leads(centre: Plain) -> Iterator[tuple[Location, Plain]]:
    """Where keys, and silence, lead from the menus."""
    for id, given in _mapping(centre.get("menus")).items():
        menu = _mapping(given)
        yield ("menus", id, "no_key"), _mapping(menu.get("no_key"))
        for key, lead in _mapping(menu.get("keys")).items():
            yield ("menus", id, "keys", key), _mapping(lead)


def _calls_back(lead: Plain) -> bool:
    return str(lead.get("callback")).lower() == "true"


def _missing(ids: frozenset[str], why: str) -> Iterator[Found]:
    for id in sorted(ids):
        yield ("announcements", id), f"write this announcement: {why}"


def _mapping(value: object) -> Plain:
    return cast("Plain", value) if isinstance(value, Mapping) else {}


def _items(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []
