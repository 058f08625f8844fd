"""The parts in which the centre's document is shown and changed: what each holds, and how a thing is put back. Pure.

A part is either one form, or holds things by name, each with a form of its own: a list of records (whose ``key`` is the
name), or a mapping.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from agent_console.centre import labels
from agent_console.centre.shape import Entries, Items, Member, Record, Shape, members, record
from agent_console.centre.typed import items, mapping
from agent_console.centre.view import Location, Options
from kernel.centre import Centre

Plain = Mapping[str, object]
SHORT = 24
"""So many characters of a text say which it is."""


@dataclass(frozen=True, slots=True)
class Part:
    """``fields`` are the document's. ``one`` is what a thing of it is called, ``named`` the field with its name."""

    id: str
    title: str
    fields: tuple[str, ...]
    one: str = ""
    key: str = ""
    named: str = ""
    columns: tuple[str, ...] = ()

    @property
    def many(self) -> bool:
        """Whether it holds things with forms of their own."""
        return bool(self.one)

    @property
    def mapped(self) -> bool:
        """Whether things are the values of a mapping."""
        return self.many and not self.key


PARTS: tuple[Part, ...] = (
    Part("basics", "基本と番号", ("name", "numbers", "entry", "number_leads")),
    Part("hours", "受付時間", ("hours",)),
    Part("announcements", "案内文", ("announcements",), "案内文"),
    Part("translations", "外国語の案内文", ("translations",), "言語", "language"),
    Part("menus", "メニュー", ("menus",), "メニュー", columns=("prompt", "keys", "no_key")),
    Part("voicebots", "音声応答", ("voicebots",), "音声応答", columns=("prompt", "queue", "topics")),
    Part("links", "SMSのリンク", ("links",), "リンク", "id", "label", ("text",)),
    Part("queues", "窓口", ("queues",), "窓口", "id", "label", ("strategy", "priority", "target_seconds", "overflow")),
    Part(
        "operators",
        "オペレーター",
        ("operators",),
        "オペレーター",
        "id",
        "name",
        ("extension", "phone", "queues", "skills"),
    ),
    Part("supervisors", "スーパーバイザーの電話機", ("supervisors",), "スーパーバイザー", "id", "name", ("extension",)),
    Part("pauses", "離席理由", ("pause_reasons", "pause_limits", "after_pause_limit")),
    Part("outgoing", "発信", ("outgoing",)),
    Part("interpreters", "通訳", ("interpreters",), "通訳", "language", columns=("numbers", "ring_seconds")),
    Part("departments", "所管課", ("departments",), "所管課", "id", "name", ("division",)),
    Part("categories", "分類", ("categories",)),
    Part("phrases", "定型文", ("phrases",), "定型文", "title", "title", ("text",)),
)
BY_ID: Mapping[str, Part] = {part.id: part for part in PARTS}
SHAPE = record(Centre)


def shape_of(part: Part) -> Record:
    """The form of the part, or of one thing of it."""
    own = members(SHAPE)
    if not part.many:
        return Record(part.title, tuple(own[name] for name in part.fields))
    match own[part.fields[0]].shape:
        case Entries() as entries:
            key, value = entries.pair.members
            title = labels.label(Centre, part.fields[0])
            return Record("pair", (replace(key, label="ID"), Member("value", title, "", value.shape)))
        case Items(item=Record() as item):
            return item
        case other:
            raise TypeError(f"{part.id} holds no things: {other}")


def thing_shape(part: Part) -> Shape:
    """The shape of one thing in the document."""
    form = shape_of(part)
    return members(form)["value"].shape if part.mapped else form


def columns(part: Part) -> list[Member]:
    """What a list of things shows of each, beside its name."""
    inner = thing_shape(part)
    return [members(inner)[name] for name in part.columns] if isinstance(inner, Record) else []


def things(part: Part, document: Plain) -> list[tuple[str, object]]:
    """What it holds, by name, in the document's order."""
    held = document.get(part.fields[0])
    if part.mapped:
        return list(mapping(held).items())
    return [(str(mapping(one).get(part.key)), one) for one in items(held)]


def label_of(part: Part, id: str, thing: object) -> str:
    """What people call it."""
    if part.key == "language":
        return labels.word(id)
    return str(mapping(thing).get(part.named) or id) if part.named else id


def data_of(part: Part, document: Plain, id: str | None) -> object:
    """The data that the form is opened with, None for a new thing. Raises KeyError for an unknown ``id``."""
    if not part.many:
        return {name: document.get(name) for name in part.fields}
    if id is None:
        return None
    thing = dict(things(part, document))[id]
    return {"key": id, "value": thing} if part.mapped else thing


def place_of(part: Part, document: Plain, id: str | None, data: Plain) -> Location:
    """Where in the document, once it was put back, the form's fields are found; pairs are found by their key."""
    if not part.many:
        return ()
    if part.mapped:
        return (part.fields[0], str(data.get("key") or ""))
    names = [name for name, _ in things(part, document)]
    return (part.fields[0], names.index(id) if id in names else len(names))


def put(part: Part, document: Plain, id: str | None, data: Plain) -> dict[str, object]:
    """``document`` with what was typed in the place of ``id``, or as a new thing at the end."""
    if not part.many:
        return {**{name: value for name, value in document.items() if name not in part.fields}, **data}
    field = part.fields[0]
    if part.mapped:
        return {**document, field: {**mapping(document.get(field)), str(data.get("key") or ""): data.get("value")}}
    place = place_of(part, document, id, data)[1]
    listed = list(items(document.get(field)))
    before = mapping(listed[int(place)] if int(place) < len(listed) else None)
    shown = {one.name for one in shape_of(part).members}
    kept = {name: value for name, value in before.items() if name not in shown}
    listed[int(place) : int(place) + 1] = [{**kept, **data}]
    return {**document, field: listed}


def taken(part: Part, document: Plain, id: str | None, data: Plain) -> bool:
    """Whether a new thing would take the place of one that is there."""
    return part.mapped and id is None and data.get("key") in mapping(document.get(part.fields[0]))


def without(part: Part, document: Plain, id: str) -> dict[str, object]:
    """``document`` without the thing of that name."""
    left = [(name, thing) for name, thing in things(part, document) if name != id]
    return {**document, part.fields[0]: _held(part, left)}


def raised(part: Part, document: Plain, id: str) -> dict[str, object]:
    """``document`` with the thing of that name before the one above it."""
    listed = things(part, document)
    place = next((n for n, (name, _) in enumerate(listed) if name == id), 0)
    if place:
        listed[place - 1 : place + 1] = [listed[place], listed[place - 1]]
    return {**document, part.fields[0]: _held(part, listed)}


def _held(part: Part, listed: Sequence[tuple[str, object]]) -> object:
    return dict(listed) if part.mapped else [thing for _, thing in listed]


def names_of(document: Plain) -> Mapping[str, Options]:
    """What there is to choose from, by part of the document."""
    named = {
        part.id: [(id, _with_id(label_of(part, id, thing), id)) for id, thing in things(part, document)]
        for part in PARTS
        if part.many
    }
    texts = [(id, f"{id}: {short(thing)}") for id, thing in things(BY_ID["announcements"], document)]
    numbers = items(document.get("numbers"))
    simple = {
        "numbers": numbers,
        "owned": [*numbers, *items(mapping(document.get("outgoing")).get("owns"))],
        "pause_reasons": items(document.get("pause_reasons")),
    }
    as_they_are = {name: [(str(one), str(one)) for one in listed] for name, listed in simple.items()}
    return {**named, **as_they_are, "announcements": texts}


def _with_id(name: str, id: str) -> str:
    return name if name == id else f"{name}({id})"


def short(text: object) -> str:
    """The beginning of a text."""
    whole = str(text)
    return whole if len(whole) <= SHORT else whole[:SHORT] + "…"
