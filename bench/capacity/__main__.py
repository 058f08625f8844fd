"""``python -m bench.capacity``: what this machine carries, on which the limits of admission rest.

Citizens by SIPp ring faster and faster, hear the prompts and wait in a queue, while one citizen after the other
measures how long the prompt and an operator's phone take. A rate is clean as long as nothing fails and the medians of
both stay within a few times what they are without load. Then, at half the clean rate, more and more calls are held. The
door is wide open meanwhile. Prints one JSON object; the load is on the same processors, so a machine of its own carries
more.
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

from bench.capacity.load import Ramp, load
from bench.capacity.probe import Probes, at_work
from bench.figures import summary
from bench.installation import Installation, installed
from denwa.parts import utc_now
from kernel.routing import Lead, OperatorSeat, Overflow

OPERATORS = 3
ABSENT = "7999"
"""The phone of the one who would serve the load, and never comes."""
HOLD_SECONDS = 10.0
LONG_HOLD_SECONDS = 50.0
"""Shorter than the time after which a leg without audio is ended."""
PATIENT = Overflow(when="no_operator", after=86_400, to=Lead(announcement="congested"))
RATES = (2, 4, 6, 8, 10, 12, 15, 20, 25, 30, 40, 60, 80)
CALLS = (50, 100, 150, 200, 300, 400)
TIMES, AT_LEAST_MS = 3.0, 100.0
"""Degraded is what takes so many times what it takes without load, and longer than so many milliseconds, at the median:
single delays are those of a machine that others use too."""
SHARE = 0.8
"""Of what was measured clean: the limits that are recommended."""


class Bench:
    """Steps of one run; ``steps`` is what was seen at each."""

    def __init__(self, at: Installation, probes: Any, folder: Path, seconds: float) -> None:
        self._at = at
        self._new_probes = probes
        self._folder = folder
        self._seconds = seconds
        self._idle: dict[str, float] = {}
        self.steps: list[dict[str, Any]] = []

    async def idle(self) -> None:
        """What it takes without load."""
        probes: Probes = self._new_probes()
        await probes.run(self._seconds)
        self._idle = {"prompt": summary(probes.prompt)["median"], "offer": summary(probes.offer)["median"]}
        self.steps.append({"per_second": 0, "calls": 0, **_seen(probes), "clean": not probes.failed})

    async def clean(self, ramp: Ramp, settle_seconds: float) -> bool:
        """Whether everybody is served well under ``ramp``, once it has lasted for ``settle_seconds``."""
        probes: Probes = self._new_probes()
        async with load(self._at.settings, self._at.centre.numbers[0], ramp, self._folder) as running:
            await asyncio.sleep(settle_seconds)
            await probes.run(self._seconds)
        well = not probes.failed and running.failed == 0 and self._within(probes)
        calls = min(ramp.calls, round(ramp.per_second * ramp.hold_seconds))
        seen = {"per_second": ramp.per_second, "calls": calls, "failed": running.failed, **_seen(probes), "clean": well}
        self.steps.append(seen)
        print(json.dumps(seen), file=sys.stderr, flush=True)
        return well

    def arriving(self, per_second: float) -> int:
        """How many come while a rate is held, settled and probed."""
        return round(per_second * (HOLD_SECONDS + self._seconds))

    def fits(self, ramp_seconds: float) -> bool:
        """Whether all are still there when the probing ends, after a ramp of so many seconds."""
        return ramp_seconds + self._seconds < LONG_HOLD_SECONDS

    def _within(self, probes: Probes) -> bool:
        both = (("prompt", probes.prompt), ("offer", probes.offer))
        return all(summary(seen)["median"] <= max(AT_LEAST_MS, TIMES * self._idle[name]) for name, seen in both)


def _seen(probes: Probes) -> dict[str, Any]:
    seen = {"prompt_ms": probes.prompt, "offer_ms": probes.offer}
    return {"probes_failed": probes.failed, **{name: summary(ms) if ms else None for name, ms in seen.items()}}


async def measure(seconds: float, most_per_second: float, most_calls: int) -> dict[str, Any]:
    """The whole run."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        async with installed(folder, OPERATORS) as at:
            await _suit(at)
            async with at_work(at) as (carrier, phones):
                bench = Bench(at, lambda: Probes(at, carrier, phones), folder, seconds)
                await bench.idle()
                rate = await _rate(bench, most_per_second)
                calls = await _calls(bench, max(1.0, rate / 2), most_calls)
                return _result(bench, rate, calls)


async def _rate(bench: Bench, most: float) -> float:
    clean = 0.0
    for rate in (rate for rate in RATES if rate <= most):
        if not await bench.clean(Ramp(rate, HOLD_SECONDS, bench.arriving(rate)), HOLD_SECONDS):
            break
        clean = rate
    return clean


async def _calls(bench: Bench, per_second: float, most: int) -> int:
    clean = 0
    for calls in (calls for calls in CALLS if calls <= most and bench.fits(calls / per_second)):
        if not await bench.clean(Ramp(per_second, LONG_HOLD_SECONDS, calls), calls / per_second):
            break
        clean = calls
    return clean


async def _suit(at: Installation) -> None:
    """Silence leads to the one queue at once, where nobody answers; the operators serve the other."""
    version = await at.store.centres.current_version()
    if version is None:
        raise RuntimeError("the store was prepared and holds no centre")
    centre = version.centre
    menus = {id: menu.model_copy(update={"wait_seconds": 1.0, "tries": 1}) for id, menu in centre.menus.items()}
    words = {**centre.announcements, "welcome": "藤沢市です。", "menu-main": "番号をどうぞ。"}
    seats = tuple(seat.model_copy(update={"queues": ("exchange",)}) for seat in centre.operators)
    nobody = OperatorSeat(id="nobody", name="不在", extension=ABSENT, queues=("enquiries",))
    patient = {"limit": 100_000, "overflow": (PATIENT,)}
    queues = tuple(queue.model_copy(update=patient) for queue in centre.queues)
    changed = {"menus": menus, "announcements": words, "operators": (*seats, nobody), "queues": queues}
    await at.store.centres.save(
        centre.model_copy(update=changed), by="bench", now=utc_now(), expected_version=version.version
    )


def _result(bench: Bench, rate: float, calls: int) -> dict[str, Any]:
    return {
        "clean_per_second": rate,
        "clean_calls": calls,
        "recommended": {
            "DENWA_ADMISSION__CALLS_PER_SECOND": round(SHARE * rate, 1),
            "DENWA_ADMISSION__CALLS": round(SHARE * calls),
        },
        "processors": os.cpu_count(),
        "load_of_the_machine": round(os.getloadavg()[0], 1),
        "steps": bench.steps,
    }


def main() -> int:
    """1 when not even the lowest rate is clean."""
    arguments = argparse.ArgumentParser(prog="python -m bench.capacity", description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--seconds", type=float, default=15.0, help="of probing at each step")
    arguments.add_argument("--most-per-second", type=float, default=RATES[-1])
    arguments.add_argument("--most-calls", type=int, default=CALLS[-1])
    given = arguments.parse_args()
    result = asyncio.run(measure(given.seconds, given.most_per_second, given.most_calls))
    print(json.dumps(result, ensure_ascii=False))
    return 0 if result["clean_per_second"] else 1


if __name__ == "__main__":
    sys.exit(main())
