"""Fragments pushed to the browsers as server-sent events."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Generator, Sequence
from contextlib import AsyncExitStack, contextmanager
from typing import Protocol

from aiohttp import web

from agent_console.live.topic import Topic
from crm.viewings import Citizen
from kernel.ports import Clock

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 15.0
WRITE_SECONDS = 10.0
OVER = b"event: session-over\ndata: -\n\n"
HEADERS = {"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}

Valid = Callable[[], Awaitable[bool]]
Seen = Callable[[frozenset[Citizen]], None]


def _unseen(_: frozenset[Citizen]) -> None:
    """For topics that show no citizen's data."""


class Stream:
    """One browser window that listens. It always gets the newest fragment of each topic, never a queue of old ones."""

    def __init__(self, topics: Sequence[Topic], last_event_id: str, seen: Seen = _unseen) -> None:
        self.news = asyncio.Event()
        self.over = False
        self.doubted = False
        self._seen = seen
        self._citizens: frozenset[Citizen] = frozenset()
        self.farewell = b""
        self._topics = topics
        self._sent = _versions(last_event_id)

    def end(self, farewell: bytes = b"") -> None:
        """Close it after the ``farewell``; without one the browser comes back by itself."""
        self.over, self.farewell = True, farewell
        self.news.set()

    def doubt(self) -> None:
        """Have it looked at once more whether its session is still valid."""
        self.doubted = True
        self.news.set()

    def due(self) -> bytes:
        """One event with every fragment that the browser does not have yet, b"" when it has all."""
        self.news.clear()
        fragments = [
            (topic.slug, fragment)
            for topic in self._topics
            if (fragment := topic.fragment) and self._sent.get(topic.slug) != fragment.version
        ]
        if not fragments:
            return b""
        self._record(frozenset[Citizen]().union(*(fragment.citizens for _, fragment in fragments)))
        self._sent |= {slug: fragment.version for slug, fragment in fragments}
        id = ".".join(f"{name}-{version}" for name, version in self._sent.items())
        return b"".join([f"id: {id}\n".encode(), *(fragment.data for _, fragment in fragments), b"\n"])

    def _record(self, citizens: frozenset[Citizen]) -> None:
        """Once for each citizen, as long as the window listens."""
        if new := citizens - self._citizens:
            self._seen(new)
            self._citizens |= new


class Endable(Protocol):
    """What lasts no longer than its session."""

    def end(self, farewell: bytes = b"") -> None:
        """Close it after the ``farewell``; without one the browser comes back by itself."""
        ...

    def doubt(self) -> None:
        """Have it looked at once more whether its session is still valid."""
        ...


class Streams:
    """The open streams by session, so that logging out closes them at once."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: defaultdict[str, set[Endable]] = defaultdict(set)

    def end(self, session: str) -> None:
        """Close the streams of ``session`` in this process; others find out at their next heartbeat."""
        for stream in self._open.get(session, ()):
            stream.end(OVER)

    def doubt_all(self) -> None:
        """Sessions were ended in the store: those that listen here notice at once, other processes' at a heartbeat."""
        for streams in self._open.values():
            for stream in streams:
                stream.doubt()

    def end_all(self) -> None:
        """The console stops."""
        for streams in self._open.values():
            for stream in streams:
                stream.end()

    async def serve(
        self, request: web.Request, session: str, topics: Sequence[Topic], valid: Valid, seen: Seen = _unseen
    ) -> web.StreamResponse:
        """Push ``topics`` until the browser goes, or the session is no longer ``valid``; ``seen`` hears whose data."""
        response = web.StreamResponse(headers=HEADERS)
        stream = Stream(topics, request.headers.get("Last-Event-ID", ""), seen)
        async with AsyncExitStack() as stack:
            stack.enter_context(self.kept(session, stream))
            for topic in topics:
                topic.watch(stream.news)
                stack.push_async_callback(topic.unwatch, stream.news)
            await self._push_until_gone(request, response, stream, valid)
        return response

    async def _push_until_gone(
        self, request: web.Request, response: web.StreamResponse, stream: Stream, valid: Valid
    ) -> None:
        try:
            await response.prepare(request)
            await self._push(request, response, stream, valid)
        except (ConnectionError, TimeoutError):
            log.debug("a browser is gone, or takes nothing any more")
        except Exception:
            log.exception("a live stream broke; its browser will come back")

    async def _push(self, request: web.Request, response: web.StreamResponse, stream: Stream, valid: Valid) -> None:
        """Until the stream is over, or its browser has left: to nobody nothing is shown, and nothing recorded."""
        await self._write(response, self._clock_event())
        while not stream.over and request.transport is not None:
            if due := stream.due():
                await self._write(response, due)
            try:
                async with asyncio.timeout(HEARTBEAT_SECONDS):
                    await stream.news.wait()
            except TimeoutError:
                await self._write(response, self._clock_event())
                stream.doubted = True
            if stream.doubted and not stream.over and not await valid():
                stream.end(OVER)
            stream.doubted = False
        await self._write(response, stream.farewell)

    def _clock_event(self) -> bytes:
        return f"event: clock\ndata: {self._clock().timestamp() * 1000:.0f}\n\n".encode()

    async def _write(self, response: web.StreamResponse, data: bytes) -> None:
        async with asyncio.timeout(WRITE_SECONDS):
            await response.write(data)

    @contextmanager
    def kept(self, session: str, one: Endable) -> Generator[None]:
        """As long as this is entered, ``one`` is closed with ``session``."""
        self._open[session].add(one)
        try:
            yield
        finally:
            self._open[session].discard(one)
            if not self._open[session]:
                del self._open[session]


def _versions(last_event_id: str) -> dict[str, str]:
    """Which version of which topic the browser says that it has; nonsense counts as none."""
    pairs = (part.partition("-") for part in last_event_id.split("."))
    return {name: version for name, dash, version in pairs if dash and len(version) == 16}
