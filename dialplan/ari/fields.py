"""Read Asterisk's JSON, field by field, with errors that name the field and never show what is in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar, cast

T = TypeVar("T")


class Malformed(ValueError):
    """A field is missing, or is not what the API description promises."""


@dataclass(frozen=True, slots=True)
class Fields:
    """One JSON object. Each method raises Malformed when the field is not there or is something else."""

    json: Mapping[str, object] = field(repr=False)
    place: str = ""

    @classmethod
    def of(cls, value: object, place: str = "") -> Fields:
        if not isinstance(value, dict):
            raise Malformed(f"{place or 'the message'} is not an object")
        return cls(cast("Mapping[str, object]", value), place)

    def text(self, name: str, default: str | None = None) -> str:
        return self._typed(name, str, default)

    def whole(self, name: str, default: int | None = None) -> int:
        return self._typed(name, int, default)

    def part(self, name: str) -> Fields:
        return Fields.of(self.json.get(name), self._at(name))

    def part_or_none(self, name: str) -> Fields | None:
        return self.part(name) if self.json.get(name) is not None else None

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.json.get(name)
        if isinstance(value, list):
            items = cast("list[object]", value)
            texts = tuple(item for item in items if isinstance(item, str))
            if len(texts) == len(items):
                return texts
        raise Malformed(f"{self._at(name)} is not a list of texts")

    def time(self, name: str) -> datetime:
        """A moment such as 2026-11-24T15:29:17.350+0900; aware, in UTC."""
        try:
            moment = datetime.fromisoformat(self.text(name))
        except ValueError:
            raise Malformed(f"{self._at(name)} is not a time") from None
        if moment.tzinfo is None:
            raise Malformed(f"{self._at(name)} has no time zone")
        return moment.astimezone(UTC)

    def _typed(self, name: str, kind: type[T], default: T | None) -> T:
        value = self.json.get(name, default)
        if not isinstance(value, kind):
            raise Malformed(f"{self._at(name)} is missing or not {kind.__name__}")
        return value

    def _at(self, name: str) -> str:
        return f"{self.place}.{name}" if self.place else name


def listed(value: object) -> tuple[Fields, ...]:
    """The objects of a JSON list; raises Malformed for anything else."""
    if not isinstance(value, list):
        raise Malformed("the answer is not a list")
    return tuple(Fields.of(item) for item in cast("list[object]", value))
