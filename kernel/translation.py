"""What callers hear who speak another language (T11): data, as the Japanese announcements are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from kernel import announcement
from kernel.document import Id, Text, Value
from kernel.language import Voiced

Location = tuple[str | int, ...]
Plain = Mapping[str, object]


class Translation(Value):
    """The announcements in ``language``, by the ids of the Japanese ones; others are heard in Japanese."""

    language: Voiced
    announcements: dict[Id, Text]


def loose_translations(centre: Plain) -> Iterator[tuple[Location, str]]:
    """What is wrong with the translations of a document, plain data, and where."""
    known = _mapping(centre.get("announcements"))
    translations = [_mapping(one) for one in cast("list[object]", centre.get("translations") or ())]
    languages = [one.get("language") for one in translations]
    for number, translation in enumerate(translations):
        here = ("translations", number)
        if languages[number] in languages[:number]:
            yield (*here, "language"), f"{languages[number]!r} stands twice: put all its texts together"
        for id, text in _mapping(translation.get("announcements")).items():
            if id not in known:
                yield (*here, "announcements", id), f"there is no announcement {id!r}; there are {', '.join(known)}"
            else:
                yield from _misfits((*here, "announcements", id), id, text)


def _misfits(at: Location, id: str, text: object) -> Iterator[tuple[Location, str]]:
    try:
        announcement.check(id, text if isinstance(text, str) else "")
    except announcement.BadPlaceholder as bad:
        yield at, str(bad)


def _mapping(value: object) -> Plain:
    return cast("Plain", value) if isinstance(value, Mapping) else {}
