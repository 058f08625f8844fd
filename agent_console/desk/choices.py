"""What a case's form offers to choose from, as the centre's document says it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from kernel.case import Case
from kernel.casework import Department, Phrase
from kernel.centre import Centre


@dataclass(frozen=True, slots=True)
class Choices:
    """``people`` are those of the centre who may follow a case up: ids and names."""

    departments: tuple[Department, ...] = ()
    categories: tuple[str, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    people: Mapping[str, str] | None = None

    @property
    def divisions(self) -> tuple[tuple[str, tuple[Department, ...]], ...]:
        """The departments under the division (部) that is above them, in the document's order."""
        return tuple((name or "", tuple(own)) for name, own in groupby(self.departments, lambda one: one.division))

    def department(self, id: str) -> str:
        """Its name; the id of one that the document no longer has."""
        return next((one.name for one in self.departments if one.id == id), id)

    def person(self, id: str) -> str:
        """Who follows up: "" is the owning department."""
        return (self.people or {}).get(id, id) or "所管課"

    def problems(self, values: Mapping[str, str], cases: Iterable[Case]) -> dict[str, str]:
        """What is chosen and not offered, by field; what a case has already may stay."""
        known = tuple(cases)
        offered: Mapping[str, set[str]] = {
            "department": {one.id for one in self.departments} | {case.department for case in known},
            "category": set(self.categories) | {case.category for case in known},
            "follow_up_by": set(self.people or {}) | {case.follow_up.who for case in known if case.follow_up},
        }
        return {
            field: "選び直してください。選択肢が変わりました。"
            for field, choices in offered.items()
            if values.get(field) and values[field] not in choices
        }


NO_CHOICES = Choices()


def choices_of(centre: Centre) -> Choices:
    """The document's."""
    seats = (*centre.operators, *centre.supervisors)
    return Choices(centre.departments, centre.categories, centre.phrases, {seat.id: seat.name for seat in seats})
