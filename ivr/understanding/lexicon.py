"""What callers may ask for: departments, their units and subjects in citizens' words, aliases and old names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing to ask for. ``label`` is its name, ``reading`` that in kana ("" where it is not known).

    ``words`` are what citizens say instead of the name. ``id`` is whatever the dialogue knows it by.
    """

    id: str
    label: str
    reading: str = ""
    words: tuple[str, ...] = ()


class Lexicon:
    """Of one version of the directory. Making it reads all words aloud, some tenths of a second for a thousand."""

    def __init__(self, subjects: Iterable[Subject]) -> None:
        self.subjects = tuple(subjects)
