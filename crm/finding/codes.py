"""Short numbers for words that come again and again. Pure."""

from __future__ import annotations

NOTHING = -1
UNKNOWN = -2


class Codes:
    """One number for each word that was given."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}

    def of(self, word: str | None) -> int:
        """The number of ``word``, a new one for a new word; NOTHING for None."""
        return NOTHING if word is None else self._codes.setdefault(word, len(self._codes))

    def known(self, word: str) -> int:
        """The number of ``word``; UNKNOWN, which is nobody's, for one that was never given."""
        return self._codes.get(word, UNKNOWN)
