"""Samples as the benchmarks print them."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence

NANOSECONDS_A_MS = 1e6


def ms(nanoseconds: int) -> float:
    return nanoseconds / NANOSECONDS_A_MS


def summary(samples: Sequence[float]) -> dict[str, float]:
    """Median, 99th percentile and worst; a percentile is a sample that was measured (nearest rank)."""
    ordered = sorted(samples)
    rank = max(0, -(-99 * len(ordered) // 100) - 1)
    return {
        "median": round(statistics.median(ordered), 2),
        "p99": round(ordered[rank], 2),
        "max": round(ordered[-1], 2),
    }


def ratios(medians: Mapping[str, float], yardstick: float) -> dict[str, float]:
    """Each median as a multiple of ``yardstick``: absolute times are this machine's, ratios carry over."""
    return {name: round(value / yardstick, 1) for name, value in medians.items()}


def percentiles(samples: Sequence[float], *ranks: int, name: str = "") -> dict[str, float]:
    """``p50_ms`` and so on, behind ``name``: samples that were measured (nearest rank)."""
    ordered, before = sorted(samples), f"{name}_" if name else ""
    return {f"{before}p{rank}_ms": round(ordered[max(0, -(-rank * len(ordered) // 100) - 1)], 1) for rank in ranks}
