"""What stands in a form, as it was typed: from the document, from what the browser sends, and back. Pure.

Typed data is text, lists and mappings of it. Pairs are a list of {"key", "value"}, so that a key can be typed twice and
be told of. In the browser a part is named by its way: ``queues.0.label``; an item of a list is marked by its number
under the list's own name, so that the order is that of the page and a removed one leaves no hole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, cast

from agent_console.centre.shape import Entries, Items, Kind, Leading, Record, Scalar, Several, Shape

Typed = object
CALLBACK = "callback"
LANGUAGE = "language"
SPEAKS = "@"
"""Between where a lead leads and its language."""
MOST_ITEMS = 2000


class Posted(Protocol):
    """What the browser sent: texts by name, several of one name in order."""

    def get_all(self, name: str) -> Sequence[str]: ...


class Texts:
    """``Posted`` over pairs of name and text."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._texts: dict[str, list[str]] = {}
        for name, text in pairs:
            self._texts.setdefault(name, []).append(text)

    def get_all(self, name: str) -> Sequence[str]:
        return self._texts.get(name, ())


def read(shape: Shape, name: str, posted: Posted) -> Typed:
    """What was typed into ``shape`` under ``name``."""
    match shape:
        case Scalar(kind=Kind.CHECK):
            return "true" if posted.get_all(name) else "false"
        case Scalar() | Leading():
            return _clean((*posted.get_all(name), "")[0]) if isinstance(shape, Scalar) else _led(name, posted)
        case Several():
            return list(posted.get_all(name))
        case Record():
            return {one.name: read(one.shape, way(name, one.name), posted) for one in shape.members}
        case Items():
            return [read(shape.item, way(name, number), posted) for number in _numbers(name, posted)]
        case Entries():
            return [read(shape.pair, way(name, number), posted) for number in _numbers(name, posted)]


def _led(name: str, posted: Posted) -> str:
    """A lead as ``lead_text`` writes it, from the field of its way and that of its language."""
    to, language = (_clean((*posted.get_all(one), "")[0]) for one in (name, way(name, LANGUAGE)))
    return f"{to}{SPEAKS}{language}" if language else to


def way(name: str, part: object) -> str:
    """The name of ``part`` in what is named ``name``; "" is the whole."""
    return f"{name}.{part}" if name else str(part)


def _numbers(name: str, posted: Posted) -> Sequence[str]:
    return [number for number in posted.get_all(name)[:MOST_ITEMS] if number.isascii() and number.isdigit()]


def _clean(text: str) -> str:
    """Without what no keyboard types; a browser sends lines with CR LF."""
    plain = text.replace("\r\n", "\n")
    return "".join(char for char in plain if char >= " " or char == "\n").strip()


def opened(shape: Shape, data: object) -> Typed:
    """``data`` of the document as it stands in a form; what it lacks is as it usually is."""
    match shape:
        case Scalar():
            return _text(shape, data)
        case Leading():
            return lead_text(mapping(data))
        case Several():
            return [str(one) for one in items(data)]
        case Record():
            given = mapping(data)
            return {one.name: opened(one.shape, given.get(one.name, one.usual)) for one in shape.members}
        case Items():
            return [opened(shape.item, one) for one in items(data)]
        case Entries():
            return [{"key": key, "value": opened(shape.value, value)} for key, value in mapping(data).items()]


def _text(scalar: Scalar, data: object) -> str:
    match data:
        case None:
            return ""
        case bool():
            return str(data).lower()
        case float() | int():
            return f"{data:g}" if abs(data) < 1e6 else str(data)
        case _ if scalar.kind is Kind.TIME:
            return str(data)[:5]
        case _:
            return str(data)


KINDS = ("queue", "menu", "voicebot", "announcement", "message", "link")


def lead_text(lead: Mapping[str, object]) -> str:
    """A lead as one word: ``queue:enquiries``, ``callback``, ``queue:enquiries@en`` in a language; "" for none."""
    return _way_of(lead) + (f"{SPEAKS}{lead[LANGUAGE]}" if lead.get(LANGUAGE) else "")


def _way_of(lead: Mapping[str, object]) -> str:
    if lead.get(CALLBACK) in (True, "true"):
        return CALLBACK
    return next((f"{kind}:{lead[kind]}" for kind in KINDS if lead.get(kind)), "")


def lead_parts(text: str) -> tuple[str, str, str]:
    """The kind, the name and the language of what ``lead_text`` made."""
    to, _, language = text.partition(SPEAKS)
    kind, _, name = to.partition(":")
    return kind, name, language


def plain(shape: Shape, typed: Typed) -> object:
    """``typed`` as data of the document. What is empty and may be is None; a key typed twice holds its last value."""
    match shape:
        case Scalar():
            return None if typed == "" and (shape.optional or shape.defaulted) else typed
        case Leading():
            kind, name, language = lead_parts(str(typed))
            speaks = {LANGUAGE: language} if language else {}
            return speaks | ({} if not kind else {CALLBACK: True} if kind == CALLBACK else {kind: name})
        case Several():
            return typed
        case Record():
            return _record(shape, mapping(typed))
        case Items():
            return [plain(shape.item, one) for one in items(typed)]
        case Entries():
            return {str(pair["key"]): plain(shape.value, pair["value"]) for pair in map(mapping, items(typed))}


def _record(shape: Record, typed: Mapping[str, Typed]) -> dict[str, object]:
    """Left out is what has something that holds anyhow; written as none, what may be none."""
    found: dict[str, object] = {}
    for one in shape.members:
        value = plain(one.shape, typed.get(one.name, ""))
        none_at_all = value is None and isinstance(one.shape, Scalar) and one.shape.optional
        if none_at_all or (value if shape.sparse else value is not None):
            found[one.name] = value
    return found


def repeated(pairs: Typed) -> set[int]:
    """The places of pairs whose key stands already above."""
    keys = [str(mapping(pair).get("key")) for pair in items(pairs)]
    return {place for place, key in enumerate(keys) if key and key in keys[:place]}


def mapping(value: object) -> Mapping[str, object]:
    """``value`` where it is a mapping, else an empty one."""
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}


def items(value: object) -> Sequence[object]:
    """``value`` where it is a list, else an empty one."""
    return cast("Sequence[object]", value) if isinstance(value, list | tuple) else ()
