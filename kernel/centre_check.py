"""What one part of the centre's document says about another: does each name that is used exist, is each id given once.

It reads plain data, so that these mistakes are told together with those of single fields; what has not the expected
shape is passed over here, because the field's own check tells of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import cast

from kernel import announcement, voicebot_check
from kernel.callback_check import loose_ends, waiting_leads
from kernel.link_check import loose_links
from kernel.translation import loose_translations

Location = tuple[str | int, ...]
Plain = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Problem:
    """``at`` leads from the document's root to the value that is wrong."""

    at: Location
    message: str


def problems(document: object) -> list[Problem]:
    """Everything that does not fit together in ``document``, plain data as JSON knows it."""
    centre = _mapping(document)
    asked = (_entry, _number_leads, _leads, _silences, _voicebots)
    checks = (*asked, _overflows, _rounds, _seats, _pauses, _texts, _loose, _repeated)
    return [problem for check in checks for problem in check(centre)]


def _mapping(value: object) -> Plain:
    return cast("Plain", value) if isinstance(value, Mapping) else {}


def _items(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def _menus(centre: Plain) -> Plain:
    return _mapping(centre.get("menus"))


def _queues(centre: Plain) -> list[object]:
    return [_mapping(queue).get("id") for queue in _items(centre.get("queues"))]


def _entry(centre: Plain) -> Iterator[Problem]:
    yield from _unknown(("entry",), "menu", centre.get("entry"), _menus(centre))


def _number_leads(centre: Plain) -> Iterator[Problem]:
    known, numbers = _known(centre), _items(centre.get("numbers"))
    for number, lead in _mapping(centre.get("number_leads")).items():
        yield from _unknown(("number_leads", number), "number", number, numbers)
        yield from _lead(("number_leads", number), lead, known)


def _known(centre: Plain) -> Mapping[str, Iterable[object]]:
    texts = _mapping(centre.get("announcements"))
    voicebots = _mapping(centre.get("voicebots"))
    links = [_mapping(link).get("id") for link in _items(centre.get("links"))]
    places = {"queue": _queues(centre), "menu": _menus(centre), "voicebot": voicebots, "link": links}
    return places | dict.fromkeys(("announcement", "message"), texts)


def _leads(centre: Plain) -> Iterator[Problem]:
    known = _known(centre)
    for id, given in _menus(centre).items():
        menu, here = _mapping(given), ("menus", id)
        for field in ("prompt", "wrong_key", "language_prompt"):
            yield from _unknown((*here, field), "announcement", menu.get(field), known["announcement"])
        for place, lead in _places(menu):
            yield from _lead((*here, *place), lead, known)


def _lead(at: Location, lead: object, known: Mapping[str, Iterable[object]]) -> Iterator[Problem]:
    for kind, names in known.items():
        yield from _unknown((*at, kind), kind, _mapping(lead).get(kind), names)


def _places(menu: Plain) -> Iterator[tuple[Location, object]]:
    yield ("no_key",), menu.get("no_key")
    for key, lead in _mapping(menu.get("keys")).items():
        yield ("keys", key), lead


def _silences(centre: Plain) -> Iterator[Problem]:
    """A caller who presses nothing must come to a person or an end, never round in a circle."""
    menus = _menus(centre)
    silent = {id: _mapping(_mapping(menu).get("no_key")).get("menu") for id, menu in menus.items()}
    for id in menus:
        seen, here = [id], silent[id]
        while isinstance(here, str) and here in silent and here not in seen:
            seen.append(here)
            here = silent[here]
        if here == id:
            circle = " -> ".join([*seen, id])
            yield Problem(("menus", id, "no_key"), f"a silent caller never gets out of {circle}: lead to a queue")


def _overflows(centre: Plain) -> Iterator[Problem]:
    known = _known(centre)
    for place, lead in waiting_leads(centre):
        yield from _lead(place, lead, known)
    for number, queue in enumerate(_items(centre.get("queues"))):
        prompt = _mapping(queue).get("keys_prompt")
        yield from _unknown(("queues", number, "keys_prompt"), "announcement", prompt, known["announcement"])


def _voicebots(centre: Plain) -> Iterator[Problem]:
    known = _known(centre)
    for at, kind, name in voicebot_check.named(centre):
        yield from _unknown(at, kind, name, known[kind])
    for at, lead in voicebot_check.leads(centre):
        yield from _lead(at, lead, known)


def _loose(centre: Plain) -> Iterator[Problem]:
    found = (loose_ends(centre), loose_translations(centre), voicebot_check.loose_ends(centre), loose_links(centre))
    for at, message in chain.from_iterable(found):
        yield Problem(at, message)


def _rounds(centre: Plain) -> Iterator[Problem]:
    """A call that no queue can keep must come to a menu or an end, never be passed round for ever."""
    queues = [_mapping(queue) for queue in _items(centre.get("queues"))]
    onward = {str(queue.get("id")): _overflow_queues(queue) for queue in queues}
    for number, queue in enumerate(queues):
        seen: set[str] = set()
        ahead = _overflow_queues(queue)
        while ahead:
            here = ahead.pop()
            if here not in seen:
                seen.add(here)
                ahead.extend(onward.get(here, ()))
        if str(queue.get("id")) in seen:
            yield Problem(("queues", number, "overflow"), f"calls that overflow from {queue.get('id')} come back to it")


def _overflow_queues(queue: Plain) -> list[str]:
    leads = (_mapping(_mapping(rule).get("to")).get("queue") for rule in _items(queue.get("overflow")))
    return [lead for lead in leads if isinstance(lead, str)]


def _seats(centre: Plain) -> Iterator[Problem]:
    known = _queues(centre)
    for number, seat in enumerate(_items(centre.get("operators"))):
        for place, queue in enumerate(_items(_mapping(seat).get("queues"))):
            yield from _unknown(("operators", number, "queues", place), "queue", queue, known)
        for queue in _mapping(_mapping(seat).get("order")):
            yield from _unknown(("operators", number, "order", queue), "queue", queue, known)


def _pauses(centre: Plain) -> Iterator[Problem]:
    known = _items(centre.get("pause_reasons"))
    for reason in _mapping(centre.get("pause_limits")) if known else ():
        yield from _unknown(("pause_limits", reason), "pause reason", reason, known)


def _unknown(at: Location, kind: str, name: object, known: Iterable[object]) -> Iterator[Problem]:
    names = sorted({one for one in known if isinstance(one, str)})
    if isinstance(name, str) and name not in names:
        yield Problem(at, f"there is no {kind} {name!r}; there are {', '.join(names) or 'none'}")


def _texts(centre: Plain) -> Iterator[Problem]:
    texts = _mapping(centre.get("announcements"))
    for id in announcement.USED.keys() - texts.keys():
        yield Problem(("announcements", id), "the platform speaks this announcement itself: write it")
    for id, text in texts.items():
        try:
            announcement.check(id, text if isinstance(text, str) else "")
        except announcement.BadPlaceholder as bad:
            yield Problem(("announcements", id), str(bad))


ONCE: tuple[tuple[Location, str | None], ...] = (
    (("numbers",), None),
    (("hours", "special"), "date"),
    (("queues",), "id"),
    (("operators",), "id"),
    (("operators",), "extension"),
    (("supervisors",), "id"),
    (("supervisors",), "extension"),
    (("departments",), "id"),
    (("links",), "id"),
    (("departments",), "name"),
    (("categories",), None),
    (("phrases",), "title"),
)
"""Lists in which each item, or that field of each item, stands once."""


def _repeated(centre: Plain) -> Iterator[Problem]:
    for path, field in ONCE:
        listed: object = centre
        for step in path:
            listed = _mapping(listed).get(str(step))
        values = [_mapping(item).get(field) if field else item for item in _items(listed)]
        count = Counter(value for value in values if isinstance(value, str))
        for number, value in enumerate(values):
            if isinstance(value, str) and count[value] > 1 and value in values[:number]:
                yield Problem((*path, number, *([field] if field else [])), f"{value!r} is given twice")
