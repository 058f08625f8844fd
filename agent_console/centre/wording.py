"""Values of the centre's document in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from agent_console.centre import labels
from agent_console.centre.shape import Entries, Items, Kind, Leading, Record, Scalar, Several, Shape
from agent_console.centre.typed import items, mapping
from agent_console.centre.view import Options, spelled_lead

NOTHING = "なし"
Names = Mapping[str, Options]


def spelled(shape: Shape, data: object, names: Names) -> str:
    """``data`` of that shape in one line; ``names`` are those of the document that it stands in."""
    match shape:
        case Scalar() | Leading():
            return _value(shape, data, names)
        case Several():
            return "、".join(_named(shape.refers, one, names) for one in items(data)) or NOTHING
        case Record(name="Period"):
            period = mapping(data)
            return f"{str(period.get('opens'))[:5]}–{str(period.get('closes'))[:5]}"
        case Record():
            return _record(shape, mapping(data), names)
        case Items():
            return "、".join(spelled(shape.item, one, names) for one in items(data)) or NOTHING
        case Entries():
            pairs = mapping(data).items()
            return "、".join(f"{key} {spelled(shape.value, value, names)}" for key, value in pairs) or NOTHING


def _value(shape: Scalar | Leading, data: object, names: Names) -> str:
    if isinstance(shape, Leading):
        return spelled_lead(data, names)
    if data is None or data == "":
        return NOTHING
    if isinstance(data, bool):
        return "はい" if data else "いいえ"
    if shape.refers:
        return _named(shape.refers, data, names)
    return _of_kind(shape.kind, f"{data:g}" if isinstance(data, float) else str(data))


def _of_kind(kind: Kind, text: str) -> str:
    if kind is Kind.CHOICE:
        return labels.word(text)
    return text[:5] if kind is Kind.TIME else text


def _named(part: str, id: object, names: Names) -> str:
    """Of a text, the id says enough."""
    return str(id) if part == "announcements" else dict(names.get(part, ())).get(str(id), str(id))


def _record(shape: Record, data: Mapping[str, object], names: Names) -> str:
    given = [(one, data.get(one.name)) for one in shape.members]
    said = [
        f"{one.label} {spelled(one.shape, value, names)}" for one, value in given if value not in (None, "", [], {})
    ]
    return "、".join(said) or NOTHING
