"""``python -m bench.transfer``: from the operator's click to the department's phone, and what callers hear meanwhile.

The platform is the real `denwa serve` on SQLite; its click is a POST at the console, over TLS, with session and token,
as a browser sends it. Beside it, on the same Asterisk and in turns, the same telephones transfer by Asterisk's own core
(bench/transfer/ground.py says how). Times of packets are the kernel's at reception. Ratios are ours over Asterisk's.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.transfer.ground import ground_in
from bench.transfer.rounds import STEP_SECONDS, Round, Seen, tell
from bench.transfer.sides import OURS, THEIRS, Ours, Side, Theirs

STEPS = (2, 5, 10, 15, 20, 30, 40)
WARM_UP = 3


async def measure(transfers: int, most: int) -> dict[str, Any]:
    """The result, as it is printed."""
    steps = [step for step in STEPS if step <= most]
    operators = max(4, *(round(step * STEP_SECONDS) for step in steps))
    with tempfile.TemporaryDirectory(prefix="denwa-transfer-") as folder:
        async with ground_in(Path(folder), operators) as ground:
            sides: tuple[Side, ...] = (Theirs(ground), Ours(ground))
            play = Round(ground, operators)
            for side in sides * min(transfers, WARM_UP):
                await play.blind(side, Seen())
                await play.attended(side, Seen())
            load = os.getloadavg()[0]
            blind, attended = ({side.name: Seen() for side in sides} for _ in range(2))
            tell("one transfer after the other")
            for _ in range(transfers):
                for side in sides:
                    await play.blind(side, blind[side.name])
                    await play.attended(side, attended[side.name])
            tell("ever more transfers")
            best = await _ramp(play, sides, steps)
    raw = {
        side: {"blind": blind[side].figures(), "attended": attended[side].figures(), "transfers_per_second": best[side]}
        for side in (OURS, THEIRS)
    }
    return {"transfers": transfers, "load": round(load, 1), **_told(raw)}


async def _ramp(play: Round, sides: tuple[Side, ...], steps: list[int]) -> dict[str, int]:
    """The highest rate at which each side is clean, step by step in turns; 0 where not even the first one was."""
    best, left = {side.name: 0 for side in sides}, list(sides)
    for rate in steps:
        for side in tuple(left):
            if await play.at_rate(side, rate):
                best[side.name] = rate
            else:
                left.remove(side)
    return best


def _told(raw: dict[str, dict[str, Any]]) -> dict[str, Any]:
    ours, theirs = raw[OURS], raw[THEIRS]
    ring, consult = ours["blind"]["ring_ms"], ours["attended"]["ring_ms"]
    return {
        "ring_p50_ms": ring["median"],
        "ring_p99_ms": ring["p99"],
        "ring_p50_ratio": _over(ring["median"], theirs["blind"]["ring_ms"]["median"]),
        "ring_p99_ratio": _over(ring["p99"], theirs["blind"]["ring_ms"]["p99"]),
        "consult_ring_p50_ms": consult["median"],
        "consult_ring_p50_ratio": _over(consult["median"], theirs["attended"]["ring_ms"]["median"]),
        "audio_gap_ms": max(one["p99"] for one in _gaps(ours)),
        "audio_gap_theirs_ms": max(one["p99"] for one in _gaps(theirs)),
        "transfers_per_second": ours["transfers_per_second"],
        "transfers_per_second_ratio": _over(ours["transfers_per_second"], theirs["transfers_per_second"]),
        **raw,
    }


def _gaps(side: dict[str, Any]) -> list[dict[str, float]]:
    attended = side["attended"]
    return [side["blind"]["gap_at_caller_ms"], attended["gap_at_caller_ms"], attended["gap_at_department_ms"]]


def _over(ours: float, theirs: float) -> float:
    return round(ours / theirs, 3) if theirs else float("inf")


def main() -> int:
    """1 where not even the slowest rate was clean."""
    arguments = argparse.ArgumentParser(prog="python -m bench.transfer", description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--transfers", type=int, default=100, help="of each kind and side, one by one (100)")
    arguments.add_argument("--most", type=int, default=20, help="the highest rate that is tried, a second (20)")
    given = arguments.parse_args()
    result = asyncio.run(measure(given.transfers, max(given.most, STEPS[0])))
    print(json.dumps(result, ensure_ascii=False))
    return 0 if result["transfers_per_second"] else 1


if __name__ == "__main__":
    sys.exit(main())
