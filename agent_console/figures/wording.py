"""How a figure is written. Pure."""

from __future__ import annotations

from datetime import timedelta

NOTHING = "–"


def percent(share: float | None) -> str:
    """One decimal; a share of nothing is a dash."""
    return NOTHING if share is None else f"{100 * share:.1f}%"


def minutes(time: timedelta | None) -> str:
    """Hours only where there are some: 4:05, 1:02:03. Rounded to the second."""
    if time is None:
        return NOTHING
    seconds = round(time.total_seconds())
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
