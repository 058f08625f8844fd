"""The directory's sections as subjects of a lexicon, with what their units deal with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ivr.understanding.lexicon import Subject
from kernel.directory import Entry, Reach

SHORTEST_UNIT = 3
"""Letters; 整備 and 保全 are part of too many names."""


def subjects_of(entries: Iterable[Entry]) -> tuple[Subject, ...]:
    """One for each section (課, or a body) that a caller can be helped to reach, under the id of its first entry.

    A unit's name counts where no other section has one of that name: 庶務担当 says nothing.
    """
    every = tuple(entries)
    units = Counter(unit for _, unit in {(one.section, one.unit) for one in every if one.unit})
    sections: dict[str, list[Entry]] = {}
    for one in every:
        sections.setdefault(one.section, []).append(one)
    return tuple(_subject(own, units) for own in sections.values() if _to_reach(own[0]))


def _name(unit: str, units: Counter[str]) -> list[str]:
    """法人市民税 of 法人市民税担当: every unit is called 担当."""
    name = unit.removesuffix("担当")
    return [name] if units[unit] == 1 and len(name) >= SHORTEST_UNIT else []


def _to_reach(entry: Entry) -> bool:
    return entry.reach is not Reach.NONE and not entry.room


def _subject(own: list[Entry], units: Counter[str]) -> Subject:
    first, *others = own
    words = [*first.subjects, *first.aliases]
    further = [
        word for one in others for word in (*_name(one.unit, units), *one.aliases, *one.subjects) if word not in words
    ]
    reading = "" if first.unit else first.reading
    return Subject(first.id, first.section, reading, tuple(dict.fromkeys(words)), tuple(dict.fromkeys(further)))
