"""``python -m bench.console``: how long people wait for the console, over a store that is full.

The platform runs as one process on SQLite with a real Asterisk; cases, histories and their signatures are invented,
sealed as the product seals them, made once and kept in the cache folder. A citizen's call (SIP, RTP) rings at an
operator who sits at a real Chromium: ``pop_*`` is from the time in the event CALL_OFFERED to the frame that shows the
number. ``push_*`` is from an operator's change, as the event tells it, to the last byte at each of the wallboards that
are open. Pages and searches are asked one after the other, over TLS. Everything is on one machine: what callers,
browsers and watchers use of it makes the figures worse, not better.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from asterisk_conf.secrets import phone_file, read_secret
from bench import usage
from bench.a_call import ACall, found
from bench.console.chromium import bytes_of, chromium, log_in, observe, seen
from bench.console.filling import Size, fill
from bench.console.visitor import Visitor, index_read, load_pages, search_words, visitor
from bench.console.walls import pushes
from bench.figures import percentiles
from bench.first_call import outside_of
from bench.installation import PASSWORD, Installation, installed, settings_in
from crm.users import Role
from denwa.parts import utc_now
from denwa.tls import console_files
from kernel.events import EventKind
from kernel.operator import OperatorState

OPERATORS = 4
WARM_UP_LOADS = 20
NUMBER = "0903{:07}"
SUPERVISOR = "supervisor0"
INDEX_PATIENCE_SECONDS = 900.0
POP_PATIENCE_MS = 20_000.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked of a run."""

    size: Size
    calls: int
    loads: int
    searches: int
    walls: int
    pushes: int


@dataclass
class Used:
    """What the platform's process has used, by phase: share of one processor, and memory at its end."""

    pid: int
    phases: dict[str, dict[str, float]] = field(default_factory=dict[str, dict[str, float]])

    def begin(self) -> tuple[float, float]:
        return usage.cpu_ms(self.pid), time.monotonic()

    def end(self, phase: str, began: tuple[float, float]) -> None:
        cpu, at = self.begin()
        share = (cpu - began[0]) / 1000 / max(at - began[1], 0.001)
        self.phases[phase] = {"cpu": round(share, 3), "rss_mb": usage.resident_kb(self.pid) // 1024}


async def measure(plan: Plan) -> dict[str, Any]:
    """The result, as it is printed."""
    with tempfile.TemporaryDirectory(prefix="denwa-bench-") as folder:
        settings = settings_in(Path(folder))
        await fill(settings.var_dir, settings.cache_dir, plan.size)
        async with installed(Path(folder), OPERATORS) as at, AsyncExitStack() as stack:
            url = f"https://{at.settings.web.host}:{at.settings.web.port}"
            await at.store.users.create(SUPERVISOR, "監督", Role.SUPERVISOR, PASSWORD, utc_now())
            who = await stack.enter_async_context(visitor(url, console_files(at.settings)[0]))
            await who.log_in(SUPERVISOR, PASSWORD)
            used, began = Used(at.platform.pid), time.monotonic()
            before = used.begin()
            await index_read(who, INDEX_PATIENCE_SECONDS)
            used.end("index", before)
            result: dict[str, Any] = {"cases": plan.size.cases, "histories": plan.size.histories}
            result["index_seconds"] = round(time.monotonic() - began, 3)
            for phase in (_pages(plan, who, used), _desk(plan, at, url, used), _walls(plan, at, who, used)):
                result |= await phase
                print(json.dumps(result), file=sys.stderr, flush=True)
            return result | {"used": used.phases}


async def _pages(plan: Plan, who: Visitor, used: Used) -> dict[str, Any]:
    chance = Random("pages")
    await load_pages(who, WARM_UP_LOADS, plan.size.cases, chance)
    before = used.begin()
    by_kind = await load_pages(who, plan.loads, plan.size.cases, chance)
    used.end("pages", before)
    before = used.begin()
    searches = await search_words(who, plan.searches, chance)
    used.end("search", before)
    every = [one for times in by_kind.values() for one in times]
    kinds = {kind: percentiles(times, 50, 90) for kind, times in by_kind.items() if times}
    return percentiles(every, 50, 90, 99, name="page") | {
        "pages": kinds,
        **percentiles(searches, 50, 90, 99, name="search"),
    }


async def _desk(plan: Plan, at: Installation, url: str, used: Used) -> dict[str, Any]:
    """Calls at the desk of one operator, who alone is ready, in Chromium."""
    operator, desk = next(iter(at.desks.items()))
    async with chromium(url) as browser:
        page = await log_in(browser, operator, PASSWORD)
        bytes_at_first = {
            "operator_bytes": await bytes_of(browser, "/"),
            "wall_bytes": await bytes_of(browser, "/wall"),
        }
        await observe(page)
        with outside_of(at) as outside:
            extension = next(seat.extension for seat in at.centre.operators if seat.id == operator)
            await outside.phones.register({extension: read_secret(at.settings.secrets / phone_file(extension))})

            async def ready() -> bool:
                status = await at.store.operators.find(operator)
                if status and status.state is OperatorState.READY:
                    return True
                await desk.ready()
                return False

            before, pops = used.begin(), list[float]()
            for number in map(NUMBER.format, range(plan.calls)):
                await found(ready, "the operator is ready")
                await ACall(at, outside, number).play()
                offered = await _offered(at, number)
                pops.append(1000 * (await seen(page, number, POP_PATIENCE_MS) - offered))
            used.end("calls", before)
    return percentiles(pops, 50, 99, name="pop") | bytes_at_first


async def _offered(at: Installation, number: str) -> float:
    """When the call from ``number`` was offered, in seconds of 1970."""
    for call in reversed(await at.store.calls.between(utc_now().replace(hour=0), utc_now())):
        if call.caller and call.caller.digits == number:
            events = [stored.event for stored in await at.store.events.of_call(call.id)]
            return next(event.at.timestamp() for event in events if event.kind is EventKind.CALL_OFFERED)
    raise RuntimeError("the call is not in the store")


async def _walls(plan: Plan, at: Installation, who: Visitor, used: Used) -> dict[str, Any]:
    before = used.begin()
    latencies = await pushes(at, who, plan.walls, plan.pushes)
    used.end("push", before)
    return percentiles(latencies, 50, 99, name="push") | {"walls": plan.walls}


def main() -> int:
    arguments = argparse.ArgumentParser(prog="python -m bench.console", description=(__doc__ or "").partition("\n")[0])
    for name, default in (("cases", 100_000), ("histories", 400_000), ("calls", 20), ("loads", 300)):
        arguments.add_argument(f"--{name}", type=int, default=default)
    for name, default in (("searches", 200), ("walls", 200), ("pushes", 30)):
        arguments.add_argument(f"--{name}", type=int, default=default)
    given = arguments.parse_args()
    size = Size(given.cases, given.histories)
    plan = Plan(size, given.calls, given.loads, given.searches, given.walls, given.pushes)
    print(json.dumps(asyncio.run(measure(plan)), ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
