"""Whether the machine is strained: measurements and time in, level and reason out, with hysteresis. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kernel.admission import Level, Limits

ONSET_SECONDS = 0.3
"""Some looks; the signs themselves look back over a second."""

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
    """``why`` is the sign that led to the level; ``calm_since`` when all signs became calm, until it is over.

    ``guidance_since`` and ``busy_since``: since when a sign asks for that level or more; None while none does.
    """

    level: Level = Level.OPEN
    why: str = ""
    calm_since: float | None = None
    guidance_since: float | None = None
    busy_since: float | None = None


def judge(strain: Strain, load: Load, limits: Limits, now: float) -> Strain:
    """The strain after ``load`` was measured at ``now``.

    It rises with what lasts for ONSET_SECONDS: a passing stall turns nobody away. It falls after a longer calm.
    """
    signs = pressures(load, limits)
    worst = max(signs, key=lambda name: signs[name])
    strain = _asked(strain, _level(signs[worst], limits), now)
    level = _lasting(strain, now)
    if _rank(level) >= _rank(strain.level):
        keeps = level is strain.level and (level is Level.OPEN or signs[strain.why] >= 1)
        return replace(strain, calm_since=None) if keeps else replace(strain, level=level, why=worst, calm_since=None)
    calm = _level(signs[worst] / limits.calm_share, limits)
    if _rank(calm) >= _rank(strain.level):
        return replace(strain, calm_since=None)
    since = now if strain.calm_since is None else strain.calm_since
    if now - since < limits.calm_seconds:
        return replace(strain, calm_since=since)
    return replace(strain, level=calm, why=worst if calm is not Level.OPEN else "", calm_since=None)


def _asked(strain: Strain, level: Level, now: float) -> Strain:
    """``strain`` with the times since when each level is asked for."""
    guidance = None if level is Level.OPEN else now if strain.guidance_since is None else strain.guidance_since
    busy = None if level is not Level.BUSY else now if strain.busy_since is None else strain.busy_since
    return replace(strain, guidance_since=guidance, busy_since=busy)


def _lasting(strain: Strain, now: float) -> Level:
    if strain.busy_since is not None and now - strain.busy_since >= ONSET_SECONDS:
        return Level.BUSY
    lasts = strain.guidance_since is not None and now - strain.guidance_since >= ONSET_SECONDS
    return Level.GUIDANCE if lasts else Level.OPEN


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
