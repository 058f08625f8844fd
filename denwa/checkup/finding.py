"""What a look at one part says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """``remedy`` says how to get what is missing. Without an ``optional`` part the platform runs all the same."""

    part: str
    ok: bool
    detail: str
    remedy: str = ""
    optional: bool = False


def well(part: str, detail: str) -> Finding:
    """``part`` is there."""
    return Finding(part, True, detail)


def ill(part: str, detail: str, remedy: str) -> Finding:
    """``part`` is missing or wrong, and the platform can't do without it."""
    return Finding(part, False, detail, remedy)
