"""How long to wait before connecting again. Pure."""

from __future__ import annotations

FIRST_SECONDS = 0.1
LONGEST_SECONDS = 5.0
STEADY_SECONDS = 10.0
"""A connection that stood this long was a good one: the next failure is the first again."""


def delay_seconds(failures: int, jitter: float) -> float:
    """The wait after ``failures`` tries in a row have failed; it doubles, up to LONGEST_SECONDS.

    ``jitter`` in [0, 1] takes away up to half, so that many controllers do not come back at the same moment.
    """
    doublings = min(failures, 16)
    return min(LONGEST_SECONDS, FIRST_SECONDS * 2**doublings) * (1 - jitter / 2)
