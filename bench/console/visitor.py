"""Who looks at the console: pages and searches one after the other, and many wallboards at once."""

from __future__ import annotations

import asyncio
import re
import ssl
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import TypeAlias

from aiohttp import ClientResponse, ClientSession, ClientTimeout, CookieJar, TCPConnector

from bench.console.invented import FAMILY, WORDS

TOKEN = re.compile(r'name="csrf" value="([^"]+)"')
MS = 1000.0


Arrivals: TypeAlias = asyncio.Queue[tuple[bytes, float]]
"""What was pushed, and when it was here (seconds of 1970)."""


class Visitor:
    """One browser's session, which keeps its connections."""

    def __init__(self, http: ClientSession, url: str) -> None:
        self._http = http
        self._url = url
        self._token = ""

    async def log_in(self, user: str, password: str) -> None:
        """Raises RuntimeError where the console refuses."""
        self._token = _token(await self.text("/login"))
        form = {"user": user, "password": password, "csrf": self._token}
        async with self._http.post(f"{self._url}/login", data=form, headers={"Origin": self._url}) as answer:
            self._token = _token(await answer.text())

    async def text(self, path: str) -> str:
        async with self._http.get(f"{self._url}{path}", headers={"Accept": "text/html"}) as answer:
            return await _well(answer)

    async def seconds_of(self, path: str) -> float:
        """Until the last byte of the page."""
        began = time.perf_counter()
        await self.text(path)
        return time.perf_counter() - began

    async def seconds_of_search(self, **form: str) -> tuple[float, str]:
        """Until the last byte of the answers, and those."""
        headers = {"Origin": self._url, "X-CSRF-Token": self._token, "HX-Request": "true"}
        began = time.perf_counter()
        async with self._http.post(f"{self._url}/search", data=form, headers=headers) as answer:
            text = await _well(answer)
        return time.perf_counter() - began, text

    @asynccontextmanager
    async def watched(self, wanted: bytes, arrivals: Arrivals) -> AsyncGenerator[None]:
        """While a wallboard is open: what follows ``wanted`` in each push comes to ``arrivals``."""
        headers = {"Accept": "text/event-stream", "HX-Request": "true"}
        async with self._http.get(f"{self._url}/live/wall", headers=headers, timeout=ClientTimeout()) as answer:
            if answer.status != 200:
                raise RuntimeError(f"the wallboard's push answers {answer.status}")
            reading = asyncio.create_task(_read(answer, wanted, arrivals), name="watch a wallboard")
            try:
                yield
            finally:
                reading.cancel()
                await asyncio.wait({reading})


async def _read(answer: ClientResponse, wanted: bytes, arrivals: Arrivals) -> None:
    held = b""
    async for piece in answer.content.iter_any():
        now, held = time.time(), held + piece
        *whole, held = held.split(b"\n\n")
        for event in whole:
            _, found, after = event.partition(wanted)
            if found:
                arrivals.put_nowait((after[:600], now))


@asynccontextmanager
async def visitor(url: str, certificate: Path) -> AsyncGenerator[Visitor]:
    """A browser that trusts ``certificate`` alone."""
    connector = TCPConnector(ssl=ssl.create_default_context(cafile=str(certificate)), limit=0)
    async with ClientSession(connector=connector, cookie_jar=CookieJar(unsafe=True)) as http:
        yield Visitor(http, url)


async def load_pages(who: Visitor, loads: int, cases: int, chance: Random) -> dict[str, list[float]]:
    """Milliseconds of ``loads`` pages, by kind, in an order as people have: lists, cases, figures, the wall."""
    kinds = {
        "cases": lambda: "/cases",
        "older cases": lambda: f"/cases?before={chance.randint(2, cases)}",
        "case": lambda: f"/cases/{chance.randint(1, cases)}",
        "search": lambda: "/search",
        "wall": lambda: "/wall",
        "calls of a day": lambda: f"/calls?day=2026-{chance.randint(1, 9):02}-{chance.randint(1, 28):02}",
        "given up": lambda: "/given-up",
        "figures of a day": lambda: f"/figures?day=2026-{chance.randint(1, 9):02}-{chance.randint(1, 28):02}",
        "shifts": lambda: "/shifts",
    }
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(loads):
        kind = chance.choice(list(kinds))
        times[kind].append(MS * await who.seconds_of(kinds[kind]()))
    return times


async def search_words(who: Visitor, searches: int, chance: Random) -> list[float]:
    """Milliseconds of ``searches``; RuntimeError where one is not answered."""
    times = list[float]()
    for _ in range(searches):
        seconds, text = await who.seconds_of_search(**_asked(chance))
        if 'id="total"' not in text:
            raise RuntimeError(f"a search was not answered: {text[:200]}")
        times.append(MS * seconds)
    return times


async def index_read(who: Visitor, patience_seconds: float) -> None:
    """Return when the console's search answers."""
    async with asyncio.timeout(patience_seconds):
        while 'id="total"' not in (await who.seconds_of_search(q="住民票"))[1]:  # noqa: ASYNC110
            await asyncio.sleep(0.5)


def _asked(chance: Random) -> dict[str, str]:
    topic, (family, reading) = chance.choice(WORDS["topics"]), chance.choice(FAMILY)
    return chance.choice(
        (
            {"q": topic},
            {"q": topic[:2]},
            {"q": family},
            {"q": reading, "kind": "history"},
            {"q": f"{family} {topic[:4]}"},
            {"q": f"0466-{chance.randrange(100):02}-{chance.randrange(10_000):04}"},
            {"q": f'"{topic}について"', "queue": "exchange"},
            {"q": "委任状 手数料", "first": "2025-04-01", "last": "2026-03-31"},
            {"q": f"そのような語はない{chance.randrange(1000)}"},
        )
    )


async def _well(answer: ClientResponse) -> str:
    text = await answer.text()
    if answer.status != 200:
        raise RuntimeError(f"{answer.method} {answer.url.path}: {answer.status} {text[:200]}")
    return text


def _token(page: str) -> str:
    found = TOKEN.search(page)
    if found is None:
        raise RuntimeError("the page holds no token: not logged in?")
    return found[1]
