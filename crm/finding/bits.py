"""Which bits of a signature a gram sets, by a key; a signature is BITS bits as bytes. Pure.

The key is derived from the index key, so that a signature that leaves the memory of a process still names no word.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from functools import reduce

BITS = 4096
BYTES = BITS // 8
BITS_A_GRAM = 3
"""With some 300 grams a fifth of the bits is set at most: one pair in a hundred seems to be where it is not, one word
of three letters in ten thousand; the comparison with the text itself sorts these out."""

STRONG = "\0"
"""Before a gram of a field that tells more than the others: subject, name, number."""

MOST_KEPT = 20_000
"""Grams whose bits are remembered: 11 MB, and nearly all that a text has."""


class Marks:
    """Grams to bits, with the index key of a keyring."""

    def __init__(self, index_key: bytes) -> None:
        self._key = hmac.digest(index_key, b"finding: bits of grams", "sha256")
        self._kept = _Kept(self)

    def of(self, grams: Iterable[str]) -> list[int]:
        """The bits of all ``grams``, some of them twice."""
        return [bit for gram in grams for bit in self._bits(gram)]

    def signature(self, grams: Iterable[str], strong: Iterable[str]) -> bytes:
        """BYTES bytes; those of ``strong`` are marked as such too."""
        marked = (*grams, *(STRONG + gram for gram in strong))
        return reduce(int.__or__, map(self._kept.__getitem__, marked), 0).to_bytes(BYTES)

    def mask(self, gram: str) -> int:
        """The bits of ``gram``, as a number of BITS bits, the first of them the greatest."""
        return reduce(int.__or__, (1 << BITS - 1 - bit for bit in self._bits(gram)))

    def _bits(self, gram: str) -> tuple[int, ...]:
        digest = hmac.digest(self._key, gram.encode(errors="surrogatepass"), "sha256")
        return tuple(int.from_bytes(digest[2 * at : 2 * at + 2]) % BITS for at in range(BITS_A_GRAM))


class _Kept(dict[str, int]):
    """The masks of grams that came lately."""

    def __init__(self, marks: Marks) -> None:
        super().__init__()
        self._marks = marks

    def __missing__(self, gram: str) -> int:
        if len(self) >= MOST_KEPT:
            self.clear()
        self[gram] = mask = self._marks.mask(gram)
        return mask
