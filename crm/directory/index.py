"""Finds entries as one types: by name, reading, alias, subject or number, also mistyped. Pure, and all in memory.

A search folds what is typed as the entries were folded (``crm.finding.spelling``), then looks once through a few long
strings of each entry. Only where that finds little is it compared letter by letter: with the beginnings of all words,
as long as what is typed, one letter less and one more, so that a mistake is forgiven before the word is at its end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from crm.directory.usage import Usage
from crm.finding.spelling import fold
from kernel.directory import Entry

MOST = 8
FEW = 4
"""So few that fit exactly, and words that were mistyped are looked for too."""

LONGEST_QUERY = 60
LONGEST_MISTYPED = 20
END = "\n"


class Fit(IntEnum):
    """How an entry fits a word; the less the better."""

    NUMBER = 0  # is its extension
    NAME = 1  # is a name, a reading or an alias, whole
    BEGINS = 2  # begins one of them, a subject or the extension
    WITHIN = 3  # stands somewhere in them, in division or note, or in the outside number
    MISTYPED = 4


AS_WELL = {Fit.WITHIN: Fit.BEGINS}
"""Habit counts for more than where in a word it stands."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that was found. ``subject`` is the subject or alias that fits what was typed, "" where the name does."""

    entry: Entry
    fit: Fit
    subject: str = ""


@dataclass(frozen=True, slots=True)
class _Texts:
    """What is looked through: words, each between two ENDs."""

    extension: str
    names: str
    subjects: str
    rest: str


class Index:
    """Of one version of the directory. Making it takes some tenths of a second for 5,000 entries, a search some ms."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        self._texts = [_texts(entry) for entry in self.entries]
        self._by_extension = {entry.extension: entry for entry in self.entries if entry.extension}
        self._by_id = {entry.id: entry for entry in self.entries}
        self._words = _words(self._texts)
        self._beginnings = {length: _beginnings(self._words, length) for length in range(2, LONGEST_MISTYPED + 2)}

    def at(self, extension: str) -> Entry | None:
        """The entry of that extension."""
        return self._by_extension.get(extension)

    def entry(self, id: str) -> Entry | None:
        """The entry of that id."""
        return self._by_id.get(id)

    def find(self, typed: str, usage: Usage, operator: str, most: int = MOST) -> Sequence[Hit]:
        """The best ``most`` entries for all words of ``typed``.

        The number itself comes first, then a name that was typed whole, at the end what may be mistyped. Among
        others comes first what ``operator`` used last, then what all use most, then sections before their units
        and rooms, then what begins so, in the order of the directory. For nothing typed: what was used, in that
        order.
        """
        words = [fold(word) for word in typed[:LONGEST_QUERY].split()]
        fits = self._fits([word for word in words if word])
        if not fits and not words:
            fits = {at: Fit.BEGINS for at, one in enumerate(self.entries) if usage.times(one.extension)}
        best = sorted(fits, key=lambda at: (*_order(fits[at], self.entries[at], usage, operator), at))[:most]
        return [Hit(self.entries[at], fits[at], _subject(self.entries[at], words)) for at in best]

    def _fits(self, words: Sequence[str]) -> dict[int, Fit]:
        """The entries that fit all ``words``, each as well as its worst word does."""
        found: dict[int, Fit] = {}
        for place, word in enumerate(words):
            own = self._of_word(word)
            found = {at: max(found[at], fit) for at, fit in own.items() if at in found} if place else own
        return found

    def _of_word(self, word: str) -> dict[int, Fit]:
        exact = {at: fit for at, texts in enumerate(self._texts) if (fit := _fit(word, texts)) is not None}
        if len(exact) > FEW or word.isdigit():
            return exact
        return dict.fromkeys(self._mistyped(word), Fit.MISTYPED) | exact

    def _mistyped(self, word: str) -> set[int]:
        """The entries of which a word begins nearly so; nearly: one mistake in three letters, two in six."""
        mistakes = min(len(word) // 3, 2)
        lengths = range(len(word) - 1, len(word) + 2) if mistakes and len(word) <= LONGEST_MISTYPED else ()
        return {at for length in lengths for at in self._near(word, length, mistakes)}

    def _near(self, word: str, length: int, mistakes: int) -> Iterable[int]:
        beginnings, owners = self._beginnings[length]
        distances = process.cdist([word], beginnings, scorer=OSA.distance, score_cutoff=mistakes, dtype=np.uint8)
        return (at for near in np.flatnonzero(distances[0] <= mistakes) for at in owners[near])


def _beginnings(words: Mapping[str, Sequence[int]], length: int) -> tuple[list[str], list[list[int]]]:
    """How words of ``length`` letters or more begin, each beginning once, and the entries that have it."""
    owners: defaultdict[str, list[int]] = defaultdict(list)
    for word, own in words.items():
        if len(word) >= length:
            owners[word[:length]] += own
    return list(owners), list(owners.values())


def _texts(entry: Entry) -> _Texts:
    unit = f"{entry.section}{entry.unit}"
    names = (entry.section, unit, entry.unit, entry.room, *entry.reading.split(), entry.reading, *entry.aliases)
    return _Texts(
        entry.extension,
        _joined(names),
        _joined(entry.subjects),
        _joined((entry.division, entry.note, entry.outside)),
    )


def _joined(words: Iterable[str]) -> str:
    spelt = dict.fromkeys(fold(word) for word in words)
    return END + "".join(word + END for word in spelt if word)


def _words(texts: Sequence[_Texts]) -> dict[str, list[int]]:
    """Each name, reading, alias and subject, and the entries that have it."""
    words: defaultdict[str, list[int]] = defaultdict(list)
    for at, one in enumerate(texts):
        for word in {*one.names.split(END), *one.subjects.split(END)} - {""}:
            words[word].append(at)
    return words


def _fit(word: str, texts: _Texts) -> Fit | None:
    begins = END + word
    if texts.extension == word:
        return Fit.NUMBER
    if begins in texts.names:
        return Fit.NAME if begins + END in texts.names else Fit.BEGINS
    if begins in texts.subjects or texts.extension.startswith(word):
        return Fit.BEGINS
    return Fit.WITHIN if word in texts.names or word in texts.subjects or word in texts.rest else None


def _order(fit: Fit, entry: Entry, usage: Usage, operator: str) -> tuple[float, ...]:
    """What sorts the best first."""
    last: datetime | None = usage.last_used(operator, entry.extension)
    used = -last.timestamp() if last else 0.0, -usage.times(entry.extension)
    return AS_WELL.get(fit, fit), *used, bool(entry.unit or entry.room), fit


def _subject(entry: Entry, words: Sequence[str]) -> str:
    """The subject or alias that a word fits, where the name does not say it."""
    name = fold(entry.name)
    said = ((text, fold(text)) for text in (*entry.aliases, *entry.subjects))
    return next((text for text, spelt in said if any(word in spelt and word not in name for word in words)), "")
