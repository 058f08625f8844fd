"""Whether the machine is strained: measurements and time in, level and reason out, with hysteresis. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kernel.admission import Level, Limits

ORDER = (Level.OPEN, Level.GUIDANCE, Level.BUSY)


@dataclass(frozen=True, slots=True)
class Load:
    """What was measured just now; the words are those of kernel.admission.Limits."""

    calls: int = 0
    reply_seconds: float = 0.0
    late_seconds: float = 0.0
    requests: int = 0
    events: int = 0
    journal: int = 0


@dataclass(frozen=True, slots=True)
class Strain:
    """``why`` is the sign that led to the level; ``calm_since`` when all signs became calm, until it is over."""

    level: Level = Level.OPEN
    why: str = ""
    calm_since: float | None = None


def judge(strain: Strain, load: Load, limits: Limits, now: float) -> Strain:
    """The strain after ``load`` was measured at ``now``. It rises at once, and falls after a calm that lasts."""
    signs = pressures(load, limits)
    worst = max(signs, key=lambda name: signs[name])
    level = _level(signs[worst], limits)
    if _rank(level) >= _rank(strain.level):
        keeps = level is strain.level and (level is Level.OPEN or signs[strain.why] >= 1)
        return replace(strain, calm_since=None) if keeps else Strain(level, worst)
    calm = _level(signs[worst] / limits.calm_share, limits)
    if _rank(calm) >= _rank(strain.level):
        return replace(strain, calm_since=None)
    since = now if strain.calm_since is None else strain.calm_since
    if now - since < limits.calm_seconds:
        return replace(strain, calm_since=since)
    return Strain(calm, worst if calm is not Level.OPEN else "")


def pressures(load: Load, limits: Limits) -> Mapping[str, float]:
    """Each sign of strain as a share of its limit."""
    return {
        "reply_seconds": load.reply_seconds / limits.reply_seconds,
        "late_seconds": load.late_seconds / limits.late_seconds,
        "requests": load.requests / limits.requests,
        "events": load.events / limits.events,
        "journal": load.journal / limits.journal,
    }


def higher(one: Level, other: Level) -> Level:
    """The one that lets fewer in."""
    return max(one, other, key=_rank)


def _level(pressure: float, limits: Limits) -> Level:
    if pressure >= limits.busy_factor:
        return Level.BUSY
    return Level.GUIDANCE if pressure >= 1 else Level.OPEN


def _rank(level: Level) -> int:
    return ORDER.index(level)
