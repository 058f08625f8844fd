"""``python -m bench.acd``: this platform's queues against app_queue, on the same Asterisk, read off the wire.

Callers and phones are SIPp's, both sides use the same phones in turns, and the times are the kernel's at the loopback
interface. The platform is the real `denwa serve` on SQLite with everything it does: each step stored, talks recorded,
offers explained. What app_queue is set to and why stands in bench/acd/contest.py. Ratios are ours over app_queue's.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench.acd import phases
from bench.acd.contest import OURS, THEIRS
from bench.acd.phases import Offers, tell
from bench.acd.rounds import ring_in
from bench.figures import summary

MOST_TIMED, MOST_BUSY, MOST_THEIRS = 240, 100, 200
"""Calls that are timed, and that make app_queue's load, however many --calls asks for."""
WARM_UP = 10


async def measure(calls: int, rate: float, rounds: int) -> dict[str, Any]:
    """The result, as it is printed."""
    steps = phases.STEPS if calls >= MOST_TIMED else phases.STEPS[:1]
    with tempfile.TemporaryDirectory(prefix="denwa-acd-") as folder:
        async with ring_in(Path(folder)) as ring:
            await phases.idle(ring, WARM_UP, 1)
            tell("an idle operator")
            idle = await phases.idle(ring, min(calls, MOST_TIMED), rounds)
            tell("operators who are never idle")
            busy = await phases.busy(ring, min(calls, MOST_BUSY), rounds)
            tell("calls that stand")
            standing = {side: await phases.standing(ring, side, min(calls, phases.STANDING)) for side in phases.SIDES}
            tell("many calls")
            load = {
                THEIRS: await phases.load(ring, THEIRS, min(calls, MOST_THEIRS), rate),
                OURS: await phases.load(ring, OURS, calls, rate),
            }
            tell("ever more calls")
            best = await phases.ramp(ring, steps)
    return _result(idle, busy, standing, load, best)


def _result(
    idle: dict[str, Offers],
    busy: dict[str, Offers],
    standing: dict[str, float],
    load: dict[str, dict[str, Any]],
    best: dict[str, int],
) -> dict[str, Any]:
    raw = {
        side: {
            "idle_offer_ms": summary(idle[side].offers),
            "next_offer_ms": summary(busy[side].next_offers),
            "caller_wait_ms": summary(busy[side].offers),
            "max_clean_cps": best[side],
            "asterisk_cpu": standing[side],
            "load": load[side],
            "rounds_not_clean": idle[side].unclean + busy[side].unclean,
        }
        for side in phases.SIDES
    }
    memory = load[OURS]["controller_mb"]
    return {
        "idle_offer_p50_ratio": _ratio(raw, "idle_offer_ms", "median"),
        "idle_offer_p99_ratio": _ratio(raw, "idle_offer_ms", "p99"),
        "next_offer_p50_ratio": _ratio(raw, "next_offer_ms", "median"),
        "next_offer_p99_ratio": _ratio(raw, "next_offer_ms", "p99"),
        "caller_wait_p50_ratio": _ratio(raw, "caller_wait_ms", "median"),
        "max_clean_cps_ratio": _over(best[OURS], best[THEIRS]),
        "asterisk_cpu_ratio": _over(standing[OURS], standing[THEIRS]),
        "controller_ms_per_call": load[OURS]["controller_ms_per_call"],
        "rss_mb": memory[-1],
        "rss_growth_mb": [round(after - before, 1) for before, after in pairwise(memory)],
        **raw,
    }


def _ratio(raw: dict[str, dict[str, Any]], name: str, figure: str) -> float:
    return _over(raw[OURS][name][figure], raw[THEIRS][name][figure])


def _over(ours: float, theirs: float) -> float:
    return round(ours / theirs, 4) if theirs else float("inf")


def main() -> int:
    """1 when a call of the timed rounds went wrong."""
    arguments = argparse.ArgumentParser(prog="python -m bench.acd", description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--calls", type=int, default=600, help="how many calls make the load (600)")
    arguments.add_argument("--rate", type=float, default=20.0, help="calls a second of the load (20)")
    arguments.add_argument("--rounds", type=int, default=2, help="of each side, in turns (2)")
    given = arguments.parse_args()
    result = asyncio.run(measure(given.calls, given.rate, given.rounds))
    print(json.dumps(result, ensure_ascii=False))
    return 1 if result[OURS]["rounds_not_clean"] else 0


if __name__ == "__main__":
    sys.exit(main())
