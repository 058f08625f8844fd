"""The delay that stands, as against the one that passes: the least of what was measured in the last second.

One slow answer among quick ones is chance; when even the quickest is slow, there is a queue that does not drain
(the reasoning of CoDel, RFC 8289). Pure.
"""

from __future__ import annotations

from collections import deque

WINDOW_SECONDS = 1.0


class Standing:
    """Times are seconds of any clock that does not run backwards."""

    def __init__(self) -> None:
        self._rising: deque[tuple[float, float]] = deque()
        """Samples that no later one has undercut, by time: the first is the least."""

    def note(self, seconds: float, now: float) -> None:
        """A delay was measured."""
        while self._rising and self._rising[-1][1] >= seconds:
            self._rising.pop()
        self._rising.append((now, seconds))

    def least(self, now: float) -> float | None:
        """The least of the last second; None where nothing was measured."""
        while self._rising and self._rising[0][0] < now - WINDOW_SECONDS:
            self._rising.popleft()
        return self._rising[0][1] if self._rising else None
