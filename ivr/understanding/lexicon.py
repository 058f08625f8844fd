"""What callers may ask for: departments, their units and subjects in citizens' words, aliases and old names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ivr.understanding.alignment import Terms
from ivr.understanding.sound import sound, sound_of_word
from ivr.understanding.wording import joined, plain

SHORTEST = 3
"""Sounds that a term must have to be found by its sound."""

ERROR = 2.5
"""What an error takes from a match, in sounds that are right."""

WRITTEN = 2.0
"""What the same spelling adds: what sounds the same is not always meant."""

AT_MOST = 14.0
"""A match of more sounds says no more."""

SHARED = 0.6
"""What a term loses with each subject before it in the directory that has it too."""

FURTHER = 0.3
"""How much a second term of the same subject counts."""

ENDINGS = ("課", "センター", "事務局", "事業所")


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing to ask for. ``label`` is its name, ``reading`` that in kana ("" where it is not known).

    ``words`` are what citizens say instead of the name, ``further`` what only a part of it deals with. ``id`` is
    whatever the dialogue knows it by. Where several have the same word, it is more a word's of ``words``, and then of
    who comes first.
    """

    id: str
    label: str
    reading: str = ""
    words: tuple[str, ...] = ()
    further: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """How well a subject fits what was heard: ``score`` in sounds that are right, ``likeness`` (0 to 1) of its term.

    ``length`` is how many sounds the term has, ``written`` whether it stands there letter by letter.
    """

    subject: Subject
    score: float
    likeness: float
    length: int
    written: bool


class Lexicon:
    """Of one version of the directory. Making it reads all words aloud: a second for a thousand."""

    def __init__(self, subjects: Iterable[Subject]) -> None:
        self.subjects = tuple(subjects)
        owned = [(place, text, heard) for place, one in enumerate(self.subjects) for text, heard in _terms(one)]
        self._texts = [text for _, text, _ in owned]
        self._owners = [place for place, _, _ in owned]
        self._terms = Terms([heard for _, _, heard in owned])
        self._later = _later(self.subjects, owned)

    @property
    def words(self) -> tuple[str, ...]:
        """All that may be said, for a recogniser to expect; names first."""
        return tuple(dict.fromkeys((*(one.label for one in self.subjects), *self._texts)))

    def find(self, hypotheses: Sequence[str]) -> list[Match]:
        """The subjects that fit, best first. ``hypotheses`` are what may have been said, likeliest first."""
        best: defaultdict[int, dict[int, Match]] = defaultdict(dict)
        for text in dict.fromkeys(variant for one in hypotheses for variant in (one, joined(one))):
            for term, match in self._in(text):
                known = best[self._owners[term]].get(term)
                if not known or match.score > known.score:
                    best[self._owners[term]][term] = match
        return sorted(map(self._together, best.values()), key=lambda match: -match.score)

    def _together(self, matches: dict[int, Match]) -> Match:
        """A subject's best term, and a little of the next that says something else."""
        first, *others = sorted(matches, key=lambda term: -matches[term].score)
        said, best = self._texts[first], matches[first]
        others = [term for term in others if matches[term].written and not _overlap(self._texts[term], said)]
        return replace(best, score=best.score + FURTHER * matches[others[0]].score) if others else best

    def _in(self, text: str) -> Iterator[tuple[int, Match]]:
        heard = sound(text)
        errors, _ = self._terms.errors(heard)
        for term, (wrong, length) in enumerate(zip(errors.tolist(), self._terms.lengths.tolist(), strict=True)):
            score = min(length, AT_MOST) - ERROR * wrong
            written = self._texts[term] in text
            if not written and (score <= 0 or length < SHORTEST):
                continue
            score += WRITTEN * written - SHARED * self._later[term]
            subject = self.subjects[self._owners[term]]
            yield term, Match(subject, score, max(0.0, 1 - wrong / max(length, 1)), length, written)


def _overlap(one: str, other: str) -> bool:
    return one in other or other in one


def _terms(subject: Subject) -> Iterator[tuple[str, str]]:
    """Each text that stands for it, and its sound."""
    name = plain(subject.label)
    stems = [name.removesuffix(ending) for ending in ENDINGS if name.endswith(ending)]
    texts = dict.fromkeys([name, *map(plain, (*subject.words, *subject.further)), *stems])
    spoken = {text: sound_of_word(text) for text in texts if text}
    if subject.reading:
        spoken[name] = sound_of_word(subject.reading)
    yield from ((text, heard) for text, heard in spoken.items() if heard)


def _later(subjects: Sequence[Subject], owned: Sequence[tuple[int, str, str]]) -> list[int]:
    """How many subjects each term is more of."""
    further = [frozenset(map(plain, one.further)) - frozenset(map(plain, one.words)) for one in subjects]
    shared: defaultdict[str, list[tuple[bool, int]]] = defaultdict(list)
    for term, (place, text, heard) in enumerate(owned):
        shared[heard].append((text in further[place], term))
    ranks = {term: rank for own in shared.values() for rank, (_, term) in enumerate(sorted(own))}
    return [ranks[term] for term in range(len(owned))]
