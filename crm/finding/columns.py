"""What the index knows of each document besides its words: numbers by slot. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from crm.finding.codes import NOTHING, Codes
from crm.finding.matrix import Bools, Slots

if TYPE_CHECKING:
    from crm.finding.index import Entry

SPARE = 4096

VALUES: Mapping[str, Callable[[Entry, Codes], int]] = {
    "at": lambda entry, _: int(entry.at.timestamp()),
    "first": lambda entry, _: entry.first_slot,
    "case": lambda entry, _: entry.case_slot,
    "author": lambda entry, codes: codes.of(entry.author),
    "queue": lambda entry, codes: codes.of(entry.queue),
    "outcome": lambda entry, codes: codes.of(entry.outcome),
    "status": lambda entry, codes: codes.of(entry.status),
    "department": lambda entry, codes: codes.of(entry.department),
}


class Columns:
    """``columns["at"]`` is an array of ``size`` numbers, NOTHING where a slot is empty."""

    def __init__(self) -> None:
        self.size = 0
        self._codes = Codes()
        self._room = {name: np.full(0, NOTHING, dtype=np.int64 if name == "at" else np.int32) for name in VALUES}
        self._derive()

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self._room[name][: self.size]

    @property
    def filled(self) -> int:
        """Slots that are not empty."""
        return int((self["first"] != NOTHING).sum())

    @property
    def bytes_held(self) -> int:
        """Memory of the arrays."""
        return sum(array.nbytes for array in self._room.values())

    def code(self, value: str) -> int:
        """The number that stands for ``value``."""
        return self._codes.known(value)

    def put(self, slots: Slots, entries: Sequence[Entry]) -> None:
        """Set those of ``slots``, in order."""
        self.size = max(self.size, int(slots[-1]) + 1)
        for name, value in VALUES.items():
            self._room[name] = _grown(self._room[name], self.size)
            self._room[name][slots] = [value(entry, self._codes) for entry in entries]
        self._derive()

    def _derive(self) -> None:
        """``first``: first passages; ``further``: slots of all others; ``cases``: documents that are cases."""
        here, every = self["first"], np.arange(self.size)
        self.first: Bools = here == every
        self.further: Slots = np.flatnonzero((here != every) & (here != NOTHING))
        self.cases: Bools = self["case"] == every


def _grown(array: NDArray[Any], size: int) -> NDArray[Any]:
    """``array`` with room for ``size``, and for some more."""
    if len(array) >= size:
        return array
    more = size - len(array) + max(SPARE, len(array) // 4)
    return np.concatenate((array, np.full(more, NOTHING, dtype=array.dtype)))
