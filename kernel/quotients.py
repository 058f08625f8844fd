"""Shares and means of what may be nothing at all."""

from __future__ import annotations

from datetime import timedelta


def share(part: float, whole: float) -> float | None:
    """``part`` of ``whole``, 0 to 1; None of nothing."""
    return part / whole if whole else None


def mean(time: timedelta, of: int) -> timedelta | None:
    """``time`` for each of so many; None for none."""
    return time / of if of else None
