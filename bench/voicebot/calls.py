"""``python -m bench.voicebot.calls``: the voicebot on a real Asterisk, read off the wire. One JSON object, last line.

The platform is the real `denwa serve`; callers are SIP telephones of this process that send synthetic voices as RTP.
``--calls N`` plays N conversations, one at a time, half as many interruptions, and then ever more callers at once
until the 95th percentile of the reply reaches 1.5 s; ``--level-seconds 0`` leaves those out.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.figures import percentiles
from bench.installation import Installation
from bench.usage import cpu_ms
from bench.voicebot.ground import Ground, ground_in
from bench.voicebot.talks import Citizens, Talk
from bench.voicebot.ways import FIGURE, Way, ways
from kernel.settings import Settings

CALLS = 16
LEVELS = (1, 2, 4, 6, 8, 10, 12, 16)
LEVEL_SECONDS = 25.0
HELD_SECONDS = 1.5
WITHOUT_A_PAUSE = {"polite", "short"}
"""Kinds of ways to ask in which nobody stops to think, and so is not answered before the end."""

WHOLE = 0.97
"""The share of a prompt's packets from which on it went on to its end; a packet or two may be quiet."""

NOTE = "synthetic voices over RTP: people will be understood less often"


@dataclass(frozen=True, slots=True)
class Interruptions:
    """``cut``: seconds to the prompt's last packet; ``gone_on``: whether it did after はい; ``gaps``: the silence."""

    cut: Sequence[float]
    gone_on: Sequence[bool]
    gaps: Sequence[float]


async def measure(calls: int, level_seconds: float) -> dict[str, Any]:
    """All figures; times in seconds."""
    with tempfile.TemporaryDirectory(prefix="denwa-voicebot-") as folder:
        async with ground_in(Path(folder)) as ground:
            citizens = Citizens(ground, Settings().cache_dir / "bench-voicebot")
            fitting = [way for way in ways(FIGURE) if ground.leads_there(way.departments)]
            load = os.getloadavg()[0]
            talks = await _one_by_one(ground.at, citizens, fitting[:calls])
            sentences = [way for way in fitting if way.kind in WITHOUT_A_PAUSE]
            interruptions = await _interrupted(citizens, sentences[: max(1, calls // 2)])
            levels = await _at_once(citizens, sentences, level_seconds) if level_seconds else {}
            return talks | _figures(interruptions) | levels | _surroundings(ground, load)


async def _one_by_one(at: Installation, citizens: Citizens, fitting: Sequence[Way]) -> dict[str, Any]:
    before, begun, talks = _used(at), time.monotonic(), list[Talk]()
    for way in fitting:
        talks.append(await citizens.talk(way))
    minutes, used = (time.monotonic() - begun) / 60, _used(at)
    replies = [one for talk in talks for one in talk.replies]
    return {
        **seconds("reply", replies),
        "containment": _share([one.contained for one in talks]),
        "contained_rightly": _share([one.right for one in talks]),
        "cut_short": sum(one.cut_short for one in talks),
        "unanswered": sum(one.unanswered for one in talks),
        "calls": len(talks),
        "replies": len(replies),
        "talk_cpu_s_per_minute": {who: round((used[who] - before[who]) / 1000 / minutes, 2) for who in before},
    }


async def _interrupted(citizens: Citizens, fitting: Sequence[Way]) -> Interruptions:
    whole, _ = await citizens.listens(fitting[0], "")
    cut = [await citizens.interrupts(way) for way in fitting]
    passing = [await citizens.listens(way) for way in fitting]
    return Interruptions(cut, [heard >= WHOLE * whole for heard, _ in passing], [gap for _, gap in passing])


async def _at_once(citizens: Citizens, fitting: Sequence[Way], level_seconds: float) -> dict[str, Any]:
    """The next level is tried as long as the last one held."""
    levels, held = dict[str, Any](), 0
    for callers in LEVELS:
        own = [fitting[place::callers] or fitting for place in range(callers)]
        talks = await asyncio.gather(*(citizens.first_replies(one, level_seconds) for one in own))
        replies = [one for talk in talks for one in talk.replies]
        missed = sum(talk.unanswered for talk in talks)
        levels[str(callers)] = {**seconds("reply", replies), "replies": len(replies), "unanswered": missed}
        if missed or not replies or levels[str(callers)]["reply_p95_s"] >= HELD_SECONDS:
            break
        held = callers
    return {"concurrent_calls": held, "levels": levels}


def _figures(interruptions: Interruptions) -> dict[str, Any]:
    return {
        **seconds("barge_in", interruptions.cut),
        "backchannel_went_on": _share(interruptions.gone_on),
        **seconds("backchannel_gap", interruptions.gaps),
    }


def _surroundings(ground: Ground, load: float) -> dict[str, Any]:
    loads = [round(load, 1), round(os.getloadavg()[0], 1)]
    return {"cores": os.cpu_count(), "load_before_and_after": loads, "departments": len(ground.entries), "note": NOTE}


def seconds(name: str, samples: Sequence[float]) -> dict[str, float | None]:
    """The median and the 95th percentile; None where nothing was measured."""
    if not samples:
        return {f"{name}_p50_s": None, f"{name}_p95_s": None}
    ranked = percentiles([1000 * one for one in samples], 50, 95)
    return {f"{name}_p{rank}_s": round(ranked[f"p{rank}_ms"] / 1000, 3) for rank in (50, 95)}


def _share(of: Sequence[bool]) -> float:
    return round(sum(of) / len(of), 3)


def _used(at: Installation) -> dict[str, float]:
    """Milliseconds of processor time: of Asterisk, of the controller, of the processes that it keeps to listen."""
    own = at.platform.pid
    children = Path(f"/proc/{own}/task/{own}/children").read_text(encoding="ascii").split()
    return {
        "asterisk": cpu_ms(at.asterisk.pid),
        "platform": cpu_ms(own),
        "speech": sum(cpu_ms(int(pid)) for pid in children),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=CALLS)
    parser.add_argument("--level-seconds", type=float, default=LEVEL_SECONDS)
    given = parser.parse_args()
    print(json.dumps(asyncio.run(measure(given.calls, given.level_seconds)), ensure_ascii=False))


if __name__ == "__main__":
    main()
