"""``python -m bench.watchers``: what browsers that watch the wallboard cost the console.

So many connections (200) are pushed the wallboard over TLS while events come (10 a second); the process is the
console's alone, the browsers are another. Prints one JSON object on its last line: processor time for a second, as a
share of one processor, and how many pushes each browser had.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import ssl
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import aiohttp

from agent_console.console import Console
from agent_console.cookies import SESSION_COOKIE
from bench.screenshots.afternoon import Afternoon
from bench.screenshots.site import NODE_MODULES, clock, served
from crm.keyring import Keyring
from crm.migrate import migrate
from crm.store import Store, open_store
from crm.users import Role, User
from kernel.bus.memory import MemoryBus
from kernel.call import Call
from kernel.events import Event, EventKind


async def measure(watchers: int, a_second: float, seconds: float) -> dict[str, object]:
    """Run it."""
    with tempfile.TemporaryDirectory() as temporary:
        async with _console(Path(temporary)) as (store, url):
            opened = await store.sessions.open(User("mori", "森", Role.SUPERVISOR), clock())
            here, there = get_context("spawn").Pipe()
            browsers = get_context("spawn").Process(target=_browsers, args=(there, url, opened.token, watchers))
            browsers.start()
            await asyncio.to_thread(here.recv)
            idle = await _cpu(seconds / 2, store, 0)
            busy = await _cpu(seconds, store, a_second)
            here.send(None)
            pushed = await asyncio.to_thread(here.recv)
            browsers.join()
    share = round(busy / seconds, 3)
    return {
        "watchers": watchers,
        "events_a_second": a_second,
        "cpu_share": share,
        "cpu_share_without_events": round(idle / (seconds / 2), 3),
        "pushes_a_browser_a_second": round(sum(pushed) / len(pushed) / seconds, 2),
        "fewest_and_most_pushes": [min(pushed), max(pushed)],
    }


@asynccontextmanager
async def _console(folder: Path) -> AsyncGenerator[tuple[Store, str]]:
    bus = MemoryBus()
    url = f"sqlite+aiosqlite:///{folder / 'watchers.db'}"
    await migrate(url)
    async with open_store(url, Keyring.new(), bus) as store:
        await Afternoon(store).write()
        async with served(Console(store, bus, clock, NODE_MODULES, folder), folder) as address:
            yield store, address
    await bus.close()


async def _cpu(seconds: float, store: Store, a_second: float) -> float:
    """Processor time of this process in the next ``seconds``."""
    before, ends, number = _used(), time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        if a_second:
            number += 1
            call = Call(f"w-{number}", clock(), "0466251111").waits_in("enquiries", clock())
            store.journal.write(call, Event(EventKind.CALL_QUEUED, clock(), call.id, queue="enquiries"))
        await asyncio.sleep(1 / a_second if a_second else 0.1)
    return _used() - before


def _used() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _browsers(console: Connection, url: str, token: str, watchers: int) -> None:
    asyncio.run(_watch(console, url, token, watchers))


async def _watch(console: Connection, url: str, token: str, watchers: int) -> None:
    counts, heard = [0] * watchers, [asyncio.Event() for _ in range(watchers)]
    headers = {"Accept": "text/event-stream", "Cookie": f"{SESSION_COOKIE}={token}"}
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    timeout = aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, ssl=trusting), timeout=timeout) as session:

        async def one(place: int) -> None:
            async with session.get(url + "/live/wall", headers=headers) as answer:
                async for line in answer.content:
                    if line.startswith(b"id: "):
                        counts[place] += 1
                        heard[place].set()

        tasks = [asyncio.create_task(one(place)) for place in range(watchers)]
        for event in heard:
            await event.wait()
        first = list(counts)
        console.send(None)
        await asyncio.to_thread(console.recv)
        console.send([now - then for now, then in zip(counts, first, strict=True)])
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="What watching browsers cost the console.")
    parser.add_argument("--watchers", type=int, default=200)
    parser.add_argument("--events", type=float, default=10.0, help="a second")
    parser.add_argument("--seconds", type=float, default=20.0)
    given = parser.parse_args()
    print(json.dumps(asyncio.run(measure(given.watchers, given.events, given.seconds)), ensure_ascii=False))
