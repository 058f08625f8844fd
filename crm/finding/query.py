"""What somebody looks for. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crm.finding.spelling import DASHES, fold, kanji

MOST_WORDS = 10
LONGEST_QUERY = 200

_WORD = re.compile(r"[\"“”〝〟]([^\"“”〝〟]*)[\"“”〝〟]?|([^\s\"“”〝〟]+)")


class Kind(StrEnum):
    CASE = "case"
    HISTORY = "history"


class QueryProblem(ValueError):
    """The words can't be looked for; ``reason`` is one of too_short, too_many, too_long."""

    def __init__(self, reason: str, word: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.word = word


@dataclass(frozen=True, slots=True)
class Asked:
    """All ``words`` must be there, in the one spelling; times are aware, ``ends`` excluded; None and () ask for all.

    ``author``, ``queue`` and ``outcome`` are a history's, ``status`` and ``department`` (which owns it) are the case's.
    """

    words: tuple[str, ...] = ()
    begins: datetime | None = None
    ends: datetime | None = None
    author: str | None = None
    queue: str | None = None
    outcome: str | None = None
    status: str | None = None
    department: str | None = None
    kind: Kind | None = None

    @property
    def cases_too(self) -> bool:
        """Whether a case may be an answer: it has no author, queue or outcome."""
        return self.kind is not Kind.HISTORY and not (self.author or self.queue or self.outcome)

    @property
    def any_history(self) -> bool:
        """Whether a history is an answer of which only the citizen fits; else the case alone is."""
        return not self.words or not self.cases_too


def words_of(query: str) -> tuple[str, ...]:
    """The words of ``query``, in the one spelling; what stands in quotation marks is one word. Raises QueryProblem."""
    if len(query) > LONGEST_QUERY:
        raise QueryProblem("too_long")
    words = dict.fromkeys(filter(None, (_word(phrase or word) for phrase, word in _WORD.findall(query))))
    if len(words) > MOST_WORDS:
        raise QueryProblem("too_many")
    for word in words:
        if len(word) < 2 and not kanji(word):
            raise QueryProblem("too_short", word)
    return tuple(words)


def _word(given: str) -> str:
    """Without a hyphen at its ends: between digits it counts for nothing, and here the digits may go on."""
    return re.sub(f"^[{DASHES}]+(?=[0-9])|(?<=[0-9])[{DASHES}]+$", "", fold(given))
