"""Whether a text that was opened holds the words, and what of it is shown. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crm.finding.documents import Document, of_case, of_history
from crm.finding.query import Asked
from crm.finding.spelling import fold_with_places
from kernel.case import Case, History

BEFORE = 24
LONGEST = 140


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text as it was written; ``hit``: one of the words."""

    text: str
    hit: bool = False


def fits(asked: Asked, case: Case, history: History | None) -> bool:
    """What a reader would say who compares every text with the words: the index only guesses."""
    its_case, own = of_case(case), of_history(history) if history else of_case(case)
    if history and not asked.any_history and not any(_holds(own, word) for word in asked.words):
        return False
    return all(_holds(own, word) or _holds(its_case, word) for word in asked.words)


def marked(text: str, words: Sequence[str]) -> list[Piece]:
    """The whole ``text`` with the ``words`` in it marked, in order and without gaps."""
    return list(_pieces(text, _hits(text, words), 0, len(text)))


def excerpt(text: str, words: Sequence[str], longest: int = LONGEST) -> list[Piece]:
    """Some ``longest`` letters of ``text`` around its first hit, or its beginning."""
    hits = _hits(text, words)
    begins = max(0, hits[0][0] - BEFORE) if hits and hits[0][1] > longest else 0
    ends = min(len(text), begins + longest)
    shown = list(_pieces(text, hits, begins, ends))
    return [Piece("…")] * bool(begins) + shown + [Piece("…")] * (ends < len(text))


def _holds(document: Document, word: str) -> bool:
    return any(word in text for text in document.texts)


def _hits(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """From where to where, in order; those that touch are one."""
    spelt, places = fold_with_places(text)
    found = sorted((places[at][0], places[at + len(word) - 1][1]) for word in words for at in _all(spelt, word))
    joined: list[tuple[int, int]] = []
    for begins, ends in found:
        if joined and begins <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(ends, joined[-1][1]))
        else:
            joined.append((begins, ends))
    return joined


def _all(spelt: str, word: str) -> Iterator[int]:
    at = spelt.find(word)
    while at >= 0:
        yield at
        at = spelt.find(word, at + 1)


def _pieces(text: str, hits: Sequence[tuple[int, int]], begins: int, ends: int) -> Iterator[Piece]:
    done = begins
    for first, last in hits:
        if last <= begins or first >= ends:
            continue
        if done < first:
            yield Piece(text[done:first])
        done = min(last, ends)
        yield Piece(text[max(first, begins) : done], hit=True)
    if done < ends:
        yield Piece(text[done:ends])
