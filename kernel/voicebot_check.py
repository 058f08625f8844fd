"""What the voicebots ask of the rest of the centre's document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from kernel import announcement

Location = tuple[str | int, ...]
Plain = Mapping[str, object]


def named(centre: Plain) -> Iterator[tuple[Location, str, object]]:
    """Each place of a voicebot that names something, with the kind and the name."""
    for at, bot in _voicebots(centre):
        yield (*at, "prompt"), "announcement", bot.get("prompt")
        for kind in ("menu", "queue"):
            yield (*at, kind), kind, bot.get(kind)
        for place, topic in enumerate(_items(bot.get("topics"))):
            yield (*at, "topics", place, "tells"), "announcement", _mapping(topic).get("tells")
            yield (*at, "topics", place, "link"), "link", _mapping(topic).get("link")


def leads(centre: Plain) -> Iterator[tuple[Location, object]]:
    """Where topics lead."""
    for at, bot in _voicebots(centre):
        for place, topic in enumerate(_items(bot.get("topics"))):
            yield (*at, "topics", place, "lead"), _mapping(topic).get("lead")


def loose_ends(centre: Plain) -> Iterator[tuple[Location, str]]:
    """What is missing, or stands twice."""
    texts = _mapping(centre.get("announcements"))
    if _mapping(centre.get("voicebots")):
        for id in sorted(announcement.FOR_VOICEBOTS.keys() - texts.keys()):
            yield ("announcements", id), "write this announcement: the voicebots speak it"
    for at, bot in _voicebots(centre):
        ids = [_mapping(topic).get("id") for topic in _items(bot.get("topics"))]
        for place, id in enumerate(ids):
            if id in ids[:place]:
                yield (*at, "topics", place, "id"), f"{id!r} is given twice"


def _voicebots(centre: Plain) -> Iterator[tuple[Location, Plain]]:
    for id, bot in _mapping(centre.get("voicebots")).items():
        yield ("voicebots", id), _mapping(bot)


def _mapping(value: object) -> Plain:
    return cast("Plain", value) if isinstance(value, Mapping) else {}


def _items(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []
