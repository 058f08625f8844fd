"""Adding, removing and moving what a form holds several of. Pure."""

from __future__ import annotations

from typing import cast

from agent_console.centre.shape import Entries, Items, Record, Shape, members
from agent_console.centre.typed import Typed, opened

Lists = list[object]


class NoSuchPlace(Exception):
    """The form has no such list or item."""


def added(shape: Shape, typed: Typed, name: str) -> int:
    """Put an empty one at the end of the list ``name``; returns its number. Changes ``typed``. Raises NoSuchPlace."""
    one, listed = _list(shape, typed, name)
    listed.append(opened(one, None))
    return len(listed) - 1


def removed(shape: Shape, typed: Typed, name: str) -> None:
    """Take the item ``name`` out of its list. Changes ``typed``. Raises NoSuchPlace."""
    listed, place = _item(shape, typed, name)
    del listed[place]


def raised(shape: Shape, typed: Typed, name: str) -> None:
    """Move the item ``name`` before the one above it. Changes ``typed``. Raises NoSuchPlace."""
    listed, place = _item(shape, typed, name)
    if place:
        listed[place - 1], listed[place] = listed[place], listed[place - 1]


def _item(shape: Shape, typed: Typed, name: str) -> tuple[Lists, int]:
    way, _, last = name.rpartition(".")
    _, listed = _list(shape, typed, way)
    place = _number(last)
    if place >= len(listed):
        raise NoSuchPlace(name)
    return listed, place


def _list(shape: Shape, typed: Typed, name: str) -> tuple[Shape, Lists]:
    """The list ``name`` and the shape of what stands in it."""
    for step in name.split("."):
        shape, typed = _inside(shape, typed, step)
    if not isinstance(shape, Items | Entries) or not isinstance(typed, list):
        raise NoSuchPlace(name)
    return _one(shape), cast("Lists", typed)


def _one(shape: Items | Entries) -> Shape:
    return shape.item if isinstance(shape, Items) else shape.pair


def _inside(shape: Shape, typed: Typed, step: str) -> tuple[Shape, Typed]:
    match shape, typed:
        case Record(), dict() if step in members(shape):
            return members(shape)[step].shape, cast("dict[str, Typed]", typed)[step]
        case ((Items() | Entries()), list()) if _number(step) < len(cast("Lists", typed)):
            return _one(shape), cast("Lists", typed)[_number(step)]
        case _:
            raise NoSuchPlace(step)


def _number(step: str) -> int:
    if not (step.isascii() and step.isdigit() and len(step) < 6):
        raise NoSuchPlace(step)
    return int(step)
