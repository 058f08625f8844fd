"""``python -m bench.first_call``: how long a citizen and an operator wait for the platform, over many whole calls.

Each call is real SIP and RTP over UDP from telephones of this process to a real Asterisk; the platform is a process of
its own on SQLite. What the wire shows is timed by the kernel at reception; the rest is the time in the log of events.
Phones speak plain UDP and RTP here, where the product speaks TLS and SRTP, so that the wire can be read. The CPU of the
controller is that of the whole platform: controller, console, store, retention.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path
from typing import Any

from asterisk_conf.secrets import phone_file, read_secret
from bench import usage
from bench.a_call import ACall, Telephones, found
from bench.deletions import Deletions
from bench.figures import ratios, summary
from bench.installation import Installation, installed
from bench.sip.agent import Agent
from bench.sip.telephones import Phones
from kernel.operator import OperatorState

SPARE_OPERATORS = 2
"""More than callers at a time, so that one is always free: the wait for an operator is not what is measured."""
WARM_UP_CALLS = 8
CARRIER_PORT = PHONES_PORT = 5060
NUMBER = "0901{:07}"
YARDSTICK = "sip_round_trip"


@dataclass
class Run:
    """What was measured so far."""

    steps: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    failures: list[str] = field(default_factory=list[str])

    def add(self, steps: dict[str, float]) -> None:
        for name, value in steps.items():
            self.steps.setdefault(name, []).append(value)


async def measure(calls: int, at_once: int) -> dict[str, Any]:
    """The result, as it is printed."""
    with tempfile.TemporaryDirectory(prefix="denwa-bench-") as folder:
        async with installed(Path(folder), at_once + SPARE_OPERATORS) as at:
            with outside_of(at) as outside:
                await _open(at, outside)
                first, *halves = _numbers(WARM_UP_CALLS, calls // 2, calls - calls // 2)
                await _calls(Run(), at, outside, first, at_once)
                run, used = Run(), [_used(at)]
                for half in halves:
                    await _calls(run, at, outside, half, at_once)
                    used.append(_used(at))
                return _result(run, calls, at_once, used)


@contextmanager
def outside_of(at: Installation) -> Generator[Telephones]:
    """Carrier, desk phones, and who sees recordings go."""
    with ExitStack() as stack:
        server = (str(at.settings.sip.bind), at.settings.sip.port)
        carrier = Agent(str(at.settings.sip.carrier.host), CARRIER_PORT, server)
        stack.callback(carrier.close)
        phones = Phones(at.phones, PHONES_PORT, server)
        stack.callback(phones.close)
        deletions = Deletions(at.settings.recordings_dir)
        stack.callback(deletions.close)
        yield Telephones(carrier, phones, deletions)


async def _open(at: Installation, outside: Telephones) -> None:
    """All phones registered, all operators ready."""
    secrets = at.settings.secrets
    extensions = [seat.extension for seat in at.centre.operators]
    await outside.phones.register({one: read_secret(secrets / phone_file(one)) for one in extensions})

    async def all_ready() -> bool:
        ready = {one.operator for one in await at.store.operators.statuses() if one.state is OperatorState.READY}
        for operator, desk in at.desks.items():
            if operator not in ready:
                await desk.ready()
        return len(ready) == len(extensions)

    await found(all_ready, "all operators are ready")


async def _calls(run: Run, at: Installation, outside: Telephones, numbers: Sequence[str], at_once: int) -> None:
    """A call from each of ``numbers``, ``at_once`` of them at a time."""
    left = iter(numbers)

    async def lane() -> None:
        for number in left:
            try:
                run.add(await ACall(at, outside, number).play())
            except Exception as failure:  # counted, and the run goes on: the result says how many
                run.failures.append(f"{type(failure).__name__}: {failure}")
                print(f"a call failed: {run.failures[-1]}", file=sys.stderr, flush=True)

    await asyncio.gather(*(lane() for _ in range(at_once)))


def _numbers(*groups: int) -> list[list[str]]:
    """So many callers' numbers for each group, all different."""
    numbers = map(NUMBER.format, count())
    return [list(islice(numbers, size)) for size in groups]


def _used(at: Installation) -> dict[str, float]:
    return {
        "controller_ms": usage.cpu_ms(at.platform.pid),
        "asterisk_ms": usage.cpu_ms(at.asterisk.pid),
        "controller_kb": usage.resident_kb(at.platform.pid),
        "asterisk_kb": usage.resident_kb(at.asterisk.pid),
    }


def _result(run: Run, calls: int, at_once: int, used: Sequence[dict[str, float]]) -> dict[str, Any]:
    """``memory_kb`` is before the first call, halfway and at the end: what leaks grows as much in both halves."""
    figures = {name: summary(samples) for name, samples in sorted(run.steps.items())}
    medians = {name: one["median"] for name, one in figures.items()}
    spent = {name: used[-1][name] - used[0][name] for name in used[0]}
    return {
        "calls": calls,
        "at_once": at_once,
        "failures": len(run.failures),
        "ms": figures,
        "times_sip_round_trip": ratios(medians, medians[YARDSTICK]) if YARDSTICK in medians else {},
        "controller_ms_per_call": round(spent["controller_ms"] / calls, 2),
        "asterisk_ms_per_call": round(spent["asterisk_ms"] / calls, 2),
        "memory_kb": {who: [one[f"{who}_kb"] for one in used] for who in ("controller", "asterisk")},
    }


def main() -> int:
    """1 when a call failed."""
    arguments = argparse.ArgumentParser(
        prog="python -m bench.first_call", description=(__doc__ or "").partition("\n")[0]
    )
    arguments.add_argument("--calls", type=int, default=200)
    arguments.add_argument("--at-once", type=int, default=4)
    given = arguments.parse_args()
    result = asyncio.run(measure(given.calls, given.at_once))
    print(json.dumps(result, ensure_ascii=False))
    return 1 if result["failures"] else 0


if __name__ == "__main__":
    sys.exit(main())
