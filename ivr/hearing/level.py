"""How loud a line is, and how loud when nobody speaks into it."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

REMEMBERED = 125
"""Frames of 32 ms: four seconds."""

FEWEST = 8
SMOOTHED = 3
QUIET_SHARE = 0.15
FLOOR_DB = -100.0
QUIETEST_DB = -60.0
"""What is below is silence, whether or not a telephone puts noise into it."""

UNKNOWN_DB = 6.0


class Level:
    """Of one stream. The quietest 15 % of the last four seconds are the background."""

    def __init__(self) -> None:
        self._powers: deque[float] = deque(maxlen=SMOOTHED)
        self._levels: deque[float] = deque(maxlen=REMEMBERED)

    def above(self, frame: NDArray[np.float32]) -> float:
        """How many dB ``frame``, the next of the stream, is louder than the background; UNKNOWN_DB at first."""
        self._powers.append(float(np.mean(np.square(frame))))
        level = max(10 * float(np.log10(max(self._powers) + 1e-12)), FLOOR_DB)
        self._levels.append(level)
        if len(self._levels) < FEWEST:
            return UNKNOWN_DB
        return level - max(sorted(self._levels)[int(QUIET_SHARE * len(self._levels))], QUIETEST_DB)
