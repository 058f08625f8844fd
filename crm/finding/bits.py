"""Which bits of a signature a gram sets, by a key; a signature is BITS bits as bytes. Pure.

The key is derived from the index key, so that a signature that leaves the memory of a process still names no word.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable

import numpy as np

BITS = 4096
BYTES = BITS // 8
BITS_A_GRAM = 3
"""With some 300 grams a fifth of the bits is set at most: one pair in a hundred seems to be where it is not, one word
of three letters in ten thousand; the comparison with the text itself sorts these out."""

STRONG = "\0"
"""Before a gram of a field that tells more than the others: subject, name, number."""

MOST_KEPT = 200_000


class Marks:
    """Grams to bits, with the index key of a keyring."""

    def __init__(self, index_key: bytes) -> None:
        self._key = hmac.digest(index_key, b"finding: bits of grams", "sha256")
        self._kept: dict[str, tuple[int, ...]] = {}

    def of(self, grams: Iterable[str]) -> list[int]:
        """The bits of all ``grams``, some of them twice."""
        return [bit for gram in grams for bit in self._bits(gram)]

    def signature(self, grams: Iterable[str], strong: Iterable[str]) -> bytes:
        """BYTES bytes; those of ``strong`` are marked as such too."""
        bits = np.zeros(BITS, dtype=np.bool_)
        bits[self.of(grams)] = True
        bits[self.of(STRONG + gram for gram in strong)] = True
        return np.packbits(bits).tobytes()

    def _bits(self, gram: str) -> tuple[int, ...]:
        found = self._kept.get(gram)
        if found is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            found = self._kept[gram] = self._hashed(gram)
        return found

    def _hashed(self, gram: str) -> tuple[int, ...]:
        digest = hmac.digest(self._key, gram.encode(errors="surrogatepass"), "sha256")
        return tuple(int.from_bytes(digest[2 * at : 2 * at + 2]) % BITS for at in range(BITS_A_GRAM))
