"""What is compared: an idle operator, operators who are never idle, many calls, calls that stand, ever more calls."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import usage
from bench.acd.contest import BUSY, CALM, OURS, SIDES, WIDE
from bench.acd.rounds import Play, Ring
from bench.acd.times import Seen

CALM_RATE, CALM_HOLD_MS = 12.0, 300
BUSY_RATE, BUSY_HOLD_MS = 5.5, 1000
"""Five operators take five calls a second at best: somebody always waits."""
LOAD_HOLD_MS = 300
STANDING, STANDING_RATE, STANDING_SECONDS, SETTLE_SECONDS = 150, 50.0, 4.0, 2.0
STEPS = (20, 40, 60, 80, 100, 150, 200, 250, 300, 400)
STEP_SECONDS, STEP_HOLD_MS = 2.0, 200


@dataclass
class Offers:
    """Milliseconds, of all rounds of one side."""

    offers: list[float] = field(default_factory=list[float])
    next_offers: list[float] = field(default_factory=list[float])
    unclean: int = 0

    def add(self, seen: Seen, clean: bool) -> None:
        self.offers += seen.offers()
        self.next_offers += seen.next_offers()
        self.unclean += not clean


async def take_turns(ring: Ring, play: Play, rounds: int) -> dict[str, Offers]:
    """Both sides in turns, so that what the machine does beside is shared."""
    found = {side: Offers() for side in SIDES}
    for _ in range(rounds):
        for side in SIDES:
            played = await ring.play(side, play)
            found[side].add(played.seen, played.clean)
    return found


async def idle(ring: Ring, calls: int, rounds: int) -> dict[str, Offers]:
    """An operator is always idle: from the caller's INVITE to the operator's."""
    return await take_turns(ring, Play(CALM, max(1, calls // rounds), CALM_RATE, CALM_HOLD_MS), rounds)


async def busy(ring: Ring, calls: int, rounds: int) -> dict[str, Offers]:
    """Somebody always waits: from an operator's BYE to the next call, and how long callers wait."""
    return await take_turns(ring, Play(BUSY, max(1, calls // rounds), BUSY_RATE, BUSY_HOLD_MS), rounds)


async def load(ring: Ring, side: str, calls: int, rate: float) -> dict[str, Any]:
    """What many calls cost; memory before, halfway and after."""
    used, well = [_used(ring)], True
    for part in (calls // 2, calls - calls // 2):
        with tempfile.TemporaryDirectory(dir=ring.folder) as folder:
            well &= await ring.unseen(side, Play(WIDE, part, rate, LOAD_HOLD_MS), Path(folder))
        used.append(_used(ring))
    spent = {name: round((used[-1][name] - used[0][name]) / calls, 2) for name in ("controller_ms", "asterisk_ms")}
    memory = {name: [round(one[name] / 1024, 1) for one in used] for name in ("controller_kb", "asterisk_kb")}
    return {
        "calls": calls,
        "calls_a_second": rate,
        "all_well": well,
        "asterisk_ms_per_call": spent["asterisk_ms"],
        **({"controller_ms_per_call": spent["controller_ms"]} if side == OURS else {}),
        "asterisk_mb": memory["asterisk_kb"],
        **({"controller_mb": memory["controller_kb"]} if side == OURS else {}),
    }


async def standing(ring: Ring, side: str, calls: int) -> float:
    """Asterisk's processor time, as a share of one processor, while ``calls`` talk."""
    up = calls / STANDING_RATE + SETTLE_SECONDS
    hold = round((up + STANDING_SECONDS + SETTLE_SECONDS) * 1000)
    with tempfile.TemporaryDirectory(dir=ring.folder) as folder:
        play = Play(WIDE, calls, STANDING_RATE, hold)
        ringing = asyncio.create_task(ring.unseen(side, play, Path(folder)), name="standing calls")
        await asyncio.sleep(up)
        before = usage.cpu_ms(ring.at.asterisk.pid)
        await asyncio.sleep(STANDING_SECONDS)
        spent = usage.cpu_ms(ring.at.asterisk.pid) - before
        await ringing
    return round(spent / STANDING_SECONDS / 1000, 4)


async def ramp(ring: Ring, steps: tuple[int, ...]) -> dict[str, int]:
    """The highest rate at which each side is clean, step by step in turns; 0 where not even the first one was."""
    best: dict[str, int] = dict.fromkeys(SIDES, 0)
    left = list(SIDES)
    for rate in steps:
        for side in tuple(left):
            play = Play(WIDE, round(rate * STEP_SECONDS), rate, STEP_HOLD_MS)
            played = await ring.play(side, play)
            tell(f"{side}: {rate} calls a second, lost {played.seen.lost}, repeated {played.seen.repeated}")
            if played.clean:
                best[side] = rate
            else:
                left.remove(side)
    return best


def tell(line: str) -> None:
    """Progress goes to standard error: the last line of standard output is the result."""
    print(line, file=sys.stderr, flush=True)


def _used(ring: Ring) -> dict[str, float]:
    return {
        "controller_ms": usage.cpu_ms(ring.at.platform.pid),
        "asterisk_ms": usage.cpu_ms(ring.at.asterisk.pid),
        "controller_kb": usage.resident_kb(ring.at.platform.pid),
        "asterisk_kb": usage.resident_kb(ring.at.asterisk.pid),
    }
