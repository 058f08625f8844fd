"""All signatures, turned: a row for each bit, a column for each document. Pure.

A search reads the few rows of its grams, whole and in order, instead of every signature (signature files, bit-sliced).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from crm.finding.bits import BITS, BYTES

Bools: TypeAlias = NDArray[np.bool_]
Bytes: TypeAlias = NDArray[np.uint8]
Slots: TypeAlias = NDArray[np.int64]

BLOCK = 32_768
"""Documents for which memory is taken at once: 16 MB."""

_SWAPS = ((7, 0x00AA00AA00AA00AA), (14, 0x0000CCCC0000CCCC), (28, 0x00000000F0F0F0F0))


class Matrix:
    """Grows by blocks. A document is a column, its slot."""

    def __init__(self) -> None:
        self._blocks: list[Bytes] = []

    @property
    def bytes_held(self) -> int:
        """Memory of all blocks."""
        return sum(block.nbytes for block in self._blocks)

    def put(self, slots: Slots, signatures: Bytes) -> None:
        """Set the columns ``slots``, which are in order, to ``signatures`` (a row each); what was there goes."""
        first = int(slots[0]) // 8 * 8
        width = (int(slots[-1]) - first) // 8 * 8 + 8
        if width > 2 * len(slots) + 64 or first // BLOCK != (first + width - 1) // BLOCK:
            middle = len(slots) // 2
            if not middle:
                raise ValueError("a column lies within a block")
            self.put(slots[:middle], signatures[:middle])
            self.put(slots[middle:], signatures[middle:])
            return
        self._put_together(first, width, slots - first, signatures)

    def hits(self, bits: Sequence[int], columns: int) -> Bools:
        """Which of the first ``columns`` documents have all ``bits``."""
        wanted = np.unique(np.asarray(bits, dtype=np.int64))
        found = np.zeros(len(self._blocks) * BLOCK, dtype=np.bool_)
        for place, block in enumerate(self._blocks):
            rows = np.bitwise_and.reduce(block[wanted], axis=0)
            found[place * BLOCK : (place + 1) * BLOCK] = np.unpackbits(rows)
        return found[:columns]

    def _put_together(self, first: int, width: int, places: Slots, signatures: Bytes) -> None:
        """All in one run of ``width`` columns of one block."""
        while first // BLOCK >= len(self._blocks):
            self._blocks.append(np.zeros((BITS, BLOCK // 8), dtype=np.uint8))
        run = np.zeros((width, BYTES), dtype=np.uint8)
        run[places] = signatures
        mine = np.zeros(width, dtype=np.bool_)
        mine[places] = True
        at = first % BLOCK // 8
        block = self._blocks[first // BLOCK][:, at : at + width // 8]
        block &= ~np.packbits(mine)
        block |= turned(run)


def turned(signatures: Bytes) -> Bytes:
    """A bit matrix of 8n rows and BITS columns, packed by rows, as its transpose, packed by rows.

    Tiles of 8 by 8 bits are turned as 64-bit words (Warren, Hacker's Delight, 7-3).
    """
    rows, width = signatures.shape
    tiles = np.ascontiguousarray(signatures.reshape(rows // 8, 8, width).transpose(0, 2, 1)[:, :, ::-1])
    words = tiles.view(np.uint64)[..., 0]
    for shift, mask in _SWAPS:
        swapped = (words ^ (words >> np.uint64(shift))) & np.uint64(mask)
        words = words ^ swapped ^ (swapped << np.uint64(shift))
    back = np.ascontiguousarray(words)[..., None].view(np.uint8)[:, :, ::-1]
    return np.ascontiguousarray(back.reshape(rows // 8, width * 8).T)
