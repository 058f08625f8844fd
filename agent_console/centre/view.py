"""A form as the template draws it: fields with their names, values, choices and what is wrong beside them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from agent_console.centre import labels
from agent_console.centre.shape import Entries, Items, Kind, Leading, Member, Record, Scalar, Several, Shape
from agent_console.centre.typed import (
    CALLBACK,
    LANGUAGE,
    SPEAKS,
    Typed,
    items,
    lead_parts,
    lead_text,
    mapping,
    repeated,
    way,
)
from kernel.language import LANGUAGES

Location = tuple[str | int, ...]
Options = Sequence[tuple[str, str]]
"""Values and their words."""

KEY = "[key]"
"""What pydantic calls the place of a key itself."""
CALLBACK_WORDS = "折り返しを受け付ける"
LANGUAGE_WORD = "言語"
LANGUAGES_TO_CHOOSE = Scalar(Kind.CHOICE, optional=True, choices=LANGUAGES)
TWICE = "同じものがすでに上にあります。"
LEADS = (
    ("queue", "queues", "窓口へ", "窓口 "),
    ("menu", "menus", "メニューへ", "メニュー "),
    ("voicebot", "voicebots", "音声応答へ", "音声応答 "),
    ("announcement", "announcements", "案内を流して終わる", "案内 "),
    ("message", "announcements", "案内のあと伝言を受ける", "伝言 "),
    ("link", "links", "SMSでリンクを送る", "SMSのリンク "),
)
"""What a key may lead to: its kind, the part that names it, its heading in a list and what stands before its name."""


@dataclass(frozen=True, slots=True)
class Group:
    """Choices under one heading; "" is none."""

    title: str
    options: Options


@dataclass(frozen=True, slots=True)
class Field:
    """``kind`` is how it is drawn; ``locked``: shown and not changed; ``first``: the reader is led here."""

    kind: str
    name: str
    label: str
    value: Typed
    shape: Shape
    hint: str = ""
    problems: tuple[str, ...] = ()
    parts: tuple[Field, ...] = ()
    groups: tuple[Group, ...] = ()
    locked: bool = False
    first: bool = False

    @property
    def id(self) -> str:
        """Its HTML id."""
        return "f-" + self.name.replace(".", "-")


@dataclass(frozen=True, slots=True)
class Spot:
    """What is typed into ``shape`` somewhere: its name in the form, and its place in the document."""

    shape: Shape
    typed: Typed
    name: str
    at: Location

    def inside(self, shape: Shape) -> list[Spot]:
        """The items of a list."""
        listed = enumerate(items(self.typed))
        return [Spot(shape, one, way(self.name, n), (*self.at, n)) for n, one in listed]


@dataclass(frozen=True, slots=True)
class Draw:
    """What is known while a form is drawn. ``names``: what there is to choose from, by part of the document.

    ``focus`` is the name of the field that the reader is led to. ``shown`` gathers the places whose problems were told.
    """

    names: Mapping[str, Options] = field(default_factory=dict[str, Options])
    problems: Mapping[Location, Sequence[str]] = field(default_factory=dict[Location, Sequence[str]])
    focus: str = ""
    keeps_ids: bool = False
    shown: set[Location] = field(default_factory=set[Location])

    def field(self, member: Member, typed: Typed, name: str, at: Location) -> Field:
        """The field of ``member`` with ``typed`` in it."""
        return replace(self._of(Spot(member.shape, typed, name, at)), label=member.label, hint=member.hint)

    def _of(self, spot: Spot) -> Field:
        match spot.shape:
            case Scalar() as shape:
                return self._scalar(shape, spot)
            case Leading():
                return self._lead(spot)
            case Several() as shape:
                return self._leaf("several", spot, (self._choices(shape, spot.typed),))
            case Record() as shape:
                return self._record(shape, spot)
            case Items() as shape:
                return self._branch("items", spot, [self._of(one) for one in spot.inside(shape.item)])
            case Entries() as shape:
                twice = repeated(spot.typed)
                pairs = enumerate(spot.inside(shape.pair))
                return self._branch("entries", spot, [self._pair(shape, one, spot.at, n in twice) for n, one in pairs])

    def _scalar(self, shape: Scalar, spot: Spot) -> Field:
        groups: tuple[Group, ...] = ()
        if shape.kind is Kind.CHOICE:
            fixed = [(one, labels.word(one)) for one in shape.choices]
            options = self.names.get(shape.refers, ()) if shape.refers else fixed
            empty = [("", "(なし)" if shape.optional or shape.defaulted else "選んでください")]
            groups = _with_typed((Group("", (*empty, *options)),), str(spot.typed))
        return replace(self._leaf(shape.kind.value, spot, groups), locked=shape.is_id and self.keeps_ids)

    def _lead(self, spot: Spot) -> Field:
        """Where it leads, and in which language, which is a field of its own."""
        to, _, language = str(spot.typed).partition(SPEAKS)
        spoken = Spot(LANGUAGES_TO_CHOOSE, language, way(spot.name, LANGUAGE), (*spot.at, LANGUAGE))
        led = self._leaf("lead", replace(spot, typed=to), _with_typed(self._leads(), to))
        return replace(led, parts=(replace(self._of(spoken), label=LANGUAGE_WORD),))

    def _leads(self) -> tuple[Group, ...]:
        def led(kind: str, part: str, before: str) -> Options:
            return [(f"{kind}:{id}", before + label) for id, label in self.names.get(part, ())]

        listed = [Group(title, led(kind, part, before)) for kind, part, title, before in LEADS]
        return (Group("", [("", "選んでください")]), *listed, Group("窓口でだけ", [(CALLBACK, CALLBACK_WORDS)]))

    def _choices(self, shape: Several, typed: Typed) -> Group:
        known = tuple(self.names.get(shape.refers, ()))
        lost = [(str(one), f"{one}(なくなりました)") for one in items(typed) if str(one) not in dict(known)]
        return Group("", (*known, *lost))

    def _leaf(self, kind: str, spot: Spot, groups: tuple[Group, ...]) -> Field:
        """Problems of what lies inside are told here, too."""
        at = spot.at
        inside = [one for one in self.problems if one[: len(at)] == at and (KEY in one) == (KEY in at)]
        self.shown.update(inside)
        told = tuple(dict.fromkeys(one for place in inside for one in self.problems[place]))
        return self._drawn(kind, spot, told, groups=groups)

    def _branch(self, kind: str, spot: Spot, parts: Sequence[Field]) -> Field:
        self.shown.add(spot.at)
        return self._drawn(kind, spot, tuple(self.problems.get(spot.at, ())), parts=tuple(parts))

    def _drawn(self, kind: str, spot: Spot, problems: tuple[str, ...], **more: Any) -> Field:
        first = spot.name == self.focus
        return Field(kind, spot.name, "", spot.typed, spot.shape, problems=problems, first=first, **more)

    def _record(self, shape: Record, spot: Spot) -> Field:
        given = mapping(spot.typed)
        parts = [
            self.field(one, given.get(one.name, ""), way(spot.name, one.name), (*spot.at, one.name))
            for one in shape.members
        ]
        return self._branch("record", spot, parts)

    def _pair(self, shape: Entries, spot: Spot, at: Location, twice: bool) -> Field:
        """A problem of the key stands at the place of the pairs, the key and KEY."""
        pair = mapping(spot.typed)
        key, value = shape.pair.members
        here = (*at, str(pair["key"]))
        left = self.field(key, pair["key"], way(spot.name, "key"), (*here, KEY))
        if twice:
            left = replace(left, problems=(*left.problems, TWICE))
        return self._drawn(
            "record", spot, (), parts=(left, self.field(value, pair["value"], way(spot.name, "value"), here))
        )


def _with_typed(groups: tuple[Group, ...], value: str) -> tuple[Group, ...]:
    """What was chosen stays to be seen, also where it no longer exists."""
    if any(value == option for group in groups for option, _ in group.options):
        return groups
    return (*groups, Group("なくなりました", [(value, value)]))


def has_doubles(shape: Shape, typed: Typed) -> bool:
    """Whether a key stands twice anywhere in it, so that it can't be a part of the document yet."""
    match shape:
        case Record():
            given = mapping(typed)
            return any(has_doubles(one.shape, given.get(one.name, "")) for one in shape.members)
        case Items():
            return any(has_doubles(shape.item, one) for one in items(typed))
        case Entries():
            return bool(repeated(typed)) or any(has_doubles(shape.pair, one) for one in items(typed))
        case _:
            return False


def spelled_lead(data: object, names: Mapping[str, Options]) -> str:
    """Where a lead of the document leads, in words."""
    kind, id, language = lead_parts(lead_text(mapping(data)))
    return _spelled_way(kind, id, names) + (f"({labels.word(language)})" if language else "")


def _spelled_way(kind: str, id: str, names: Mapping[str, Options]) -> str:
    if kind == CALLBACK:
        return CALLBACK_WORDS
    found = next(((part, title) for one, part, title, _ in LEADS if one == kind), None)
    if found is None:
        return "なし"
    part, title = found
    return f"{title}「{dict(names.get(part, ())).get(id, id)}」"
