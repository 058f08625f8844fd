"""The shape of the centre's document, read from its models: what forms and differences follow. Pure."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import to_jsonable_python

from agent_console.centre import labels
from kernel.document import Extension, Id, Key, Number, Text, Word
from kernel.outgoing import Country, Prefix
from kernel.routing import Lead


class Kind(StrEnum):
    """How one value is typed."""

    TEXT = "text"
    LONG = "long"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    CHOICE = "choice"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value. ``optional``: empty is none at all; ``defaulted``: empty is what holds anyhow.

    ``least``, ``most``, ``step``, ``longest`` and ``pattern`` are those of an HTML input; ``refers`` names the part of
    the document whose names it takes. ``is_id``: it names what it stands in, so that it stays once that exists.
    """

    kind: Kind = Kind.TEXT
    optional: bool = False
    defaulted: bool = False
    least: str = ""
    most: str = ""
    step: str = "any"
    longest: int = 1000
    pattern: str = ""
    choices: tuple[str, ...] = ()
    refers: str = ""
    is_id: bool = False


@dataclass(frozen=True, slots=True)
class Several:
    """Any number of the names of the part ``refers``."""

    refers: str


@dataclass(frozen=True, slots=True)
class Leading:
    """Where a key leads (kernel.routing.Lead)."""


@dataclass(frozen=True, slots=True)
class Member:
    """``usual`` is what holds where nothing is written, as plain data; None where something must be."""

    name: str
    label: str
    hint: str
    shape: Shape
    usual: object = None


@dataclass(frozen=True, slots=True)
class Record:
    """``name`` is the model's. ``sparse``: a mapping of a closed set, in which an empty member is left out."""

    name: str
    members: tuple[Member, ...]
    optional: bool = False
    sparse: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """Any number of ``item``; one is called ``one``."""

    item: Shape
    one: str


@dataclass(frozen=True, slots=True)
class Entries:
    """Pairs, each key once; ``titles`` stand above the two."""

    key: Scalar
    value: Shape
    titles: tuple[str, str]

    @property
    def pair(self) -> Record:
        """One of them, as it is typed."""
        return Record(
            "pair", (Member("key", self.titles[0], "", self.key), Member("value", self.titles[1], "", self.value))
        )


Shape = Scalar | Several | Leading | Record | Items | Entries
Place = tuple[type[BaseModel], str]

FORMS: tuple[tuple[object, Scalar], ...] = (
    (Id, Scalar(longest=32, pattern="[a-z0-9][a-z0-9\\-]*", is_id=True)),
    (Extension, Scalar(longest=8, pattern="[0-9]{2,8}")),
    (Number, Scalar(longest=11, pattern="0[0-9]{8,10}")),
    (Key, Scalar(kind=Kind.CHOICE, choices=tuple("1234567890*#"))),
    (Prefix, Scalar(longest=11, pattern="0[0-9]*")),
    (Country, Scalar(longest=16, pattern="\\+[0-9]+")),
    (Word, Scalar(longest=32)),
    (Text, Scalar()),
    (str, Scalar()),
    (date, Scalar(kind=Kind.DATE)),
    (time, Scalar(kind=Kind.TIME)),
    (bool, Scalar(kind=Kind.CHECK)),
    (int, Scalar(kind=Kind.NUMBER, step="1")),
    (float, Scalar(kind=Kind.NUMBER)),
)


@cache
def record(model: type[BaseModel]) -> Record:
    """The shape of ``model`` with all its fields that forms show."""
    hints = get_type_hints(model, include_extras=True)
    shown = ((name, info) for name, info in model.model_fields.items() if (model, name) not in labels.HIDDEN)
    return Record(model.__name__, tuple(_member(model, name, hints[name], info) for name, info in shown))


def _member(model: type[BaseModel], name: str, annotation: object, info: FieldInfo) -> Member:
    shape = _shape(annotation, (model, name))
    if isinstance(shape, Scalar):
        shape = replace(_bounded(shape, info.metadata), defaulted=not info.is_required())
        if (model, name) in labels.LONG:
            shape = replace(shape, kind=Kind.LONG)
    usual = (
        None
        if info.is_required()
        else to_jsonable_python(info.get_default(call_default_factory=True, validated_data={}))
    )
    return Member(name, labels.label(model, name), labels.hint(model, name), shape, usual)


def _shape(annotation: object, at: Place) -> Shape:
    simple = next((form for known, form in FORMS if known == annotation), None)
    if simple:
        return _referring(simple, at)
    if isinstance(annotation, type) and get_origin(annotation) is None:
        return _named(cast("type[object]", annotation))
    return _made_of(get_origin(annotation), get_args(annotation), at)


def _made_of(origin: object, arguments: tuple[Any, ...], at: Place) -> Shape:
    if origin is Annotated:
        return _annotated(arguments, at)
    if origin is Union or origin is types.UnionType:
        inner = _shape(next(one for one in arguments if one is not type(None)), at)
        return replace(inner, optional=True) if isinstance(inner, Scalar | Record) else inner
    if origin is Literal:
        return Scalar(kind=Kind.CHOICE, choices=arguments)
    if origin is dict:
        return _pairs(arguments[0], arguments[1], at)
    if origin is tuple:
        return _listed(_shape(arguments[0], at), at)
    raise TypeError(f"no form for {origin} of {arguments} at {at}")


def _listed(item: Shape, at: Place) -> Shape:
    if isinstance(item, Scalar) and item.refers:
        return Several(item.refers)
    return Items(item, labels.ITEMS.get(at, "行"))


def _named(annotation: type[object]) -> Shape:
    if annotation is Lead:
        return Leading()
    if issubclass(annotation, StrEnum):
        return Scalar(kind=Kind.CHOICE, choices=tuple(one.value for one in annotation))
    if issubclass(annotation, BaseModel):
        return record(annotation)
    raise TypeError(f"no form for {annotation}")


def _annotated(arguments: tuple[Any, ...], at: Place) -> Shape:
    shape = _shape(arguments[0], at)
    return _bounded(shape, arguments[1:]) if isinstance(shape, Scalar) else shape


def _pairs(key: object, value: object, at: Place) -> Shape:
    """Pairs whose keys are a closed set, as the days of the week, are a record of them all."""
    keys = _shape(key, at)
    if isinstance(keys, Scalar) and get_origin(key) is Literal:
        inside = _shape(value, at)
        return Record(at[1], tuple(Member(one, labels.word(one), "", inside) for one in keys.choices), sparse=True)
    if not isinstance(keys, Scalar):
        raise TypeError(f"a key is one value, not {keys}")
    inside = _shape(value, (Lead, ""))
    if isinstance(inside, Scalar) and at in labels.LONG:
        inside = replace(inside, kind=Kind.LONG)
    return Entries(keys, inside, labels.KEYS.get(at, ("名前", "値")))


def _referring(scalar: Scalar, at: Place) -> Scalar:
    refers = labels.REFERS.get(at, "")
    return replace(scalar, kind=Kind.CHOICE, refers=refers, is_id=False) if refers else scalar


def _bounded(scalar: Scalar, metadata: Iterable[object]) -> Scalar:
    for one in metadata:
        match one:
            case FieldInfo():
                scalar = _bounded(scalar, one.metadata)
            case Ge() | Gt():
                scalar = replace(scalar, least=_number(one.ge if isinstance(one, Ge) else one.gt))
            case Le() | Lt():
                scalar = replace(scalar, most=_number(one.le if isinstance(one, Le) else one.lt))
            case _:
                pass
    return scalar


def _number(bound: object) -> str:
    return f"{cast('float', bound):g}"


def members(shape: Record) -> Mapping[str, Member]:
    """By name."""
    return {one.name: one for one in shape.members}
