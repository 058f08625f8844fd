"""One live fragment: rendered once a change, and not too often, for however many watchers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2s

from agent_console.live.together import Together
from crm.viewings import Citizen
from kernel.ports import Clock

log = logging.getLogger(__name__)

GAP_SECONDS = 0.25
SHORTEST_GAP_SECONDS = 0.02
AT_ONCE = 4
RETRY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Fragment:
    """HTML, when time alone will change it (None: only news will), and whose data it shows.

    ``version``: the same for the same HTML, in every process and after every restart. ``data``: the HTML as the lines
    of a server-sent event. Both are made once, however many watch.
    """

    html: str
    changes: datetime | None = None
    citizens: frozenset[Citizen] = frozenset()
    version: str = field(init=False)
    data: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "version", blake2s(self.html.encode(), digest_size=8).hexdigest())
        object.__setattr__(self, "data", b"".join(b"data: %s\n" % line.encode() for line in self.html.splitlines()))


Render = Callable[[], Awaitable[Fragment]]


class Topic:
    """Renders while it is watched: on average at most once in ``gap_seconds``, the first changes after a pause at once.

    A watcher is an asyncio.Event, set when there is a new ``fragment``, ``together`` with other topics' watchers.
    ``slug`` is the name as it stands in the ids of server-sent events.
    """

    def __init__(
        self,
        name: str,
        render: Render,
        clock: Clock,
        gap_seconds: float = GAP_SECONDS,
        together: Together | None = None,
    ) -> None:
        self.name = name
        self.slug = name.replace(" ", "_").replace(".", "_").replace("-", "_")
        self._together = together or Together()
        self.fragment: Fragment | None = None
        self._render = render
        self._clock = clock
        self._gap_seconds = gap_seconds
        self._due = 0.0
        self._touched = asyncio.Event()
        self._watchers: set[asyncio.Event] = set()
        self._task: asyncio.Task[None] | None = None

    def touch(self) -> None:
        """Something has changed that this fragment may show."""
        self._touched.set()

    def watch(self, news: asyncio.Event) -> None:
        """Set ``news`` at the next fragment; a first one comes in any case, and one rendered after this call."""
        self._watchers.add(news)
        if self._task is None:
            self.fragment = None
            self._task = asyncio.create_task(self._run(), name=f"topic {self.name}")
        elif self.fragment:
            news.set()
            self.touch()

    async def unwatch(self, news: asyncio.Event) -> None:
        """Stop telling ``news``; without watchers nothing is rendered."""
        self._watchers.discard(news)
        if not self._watchers:
            await self.close()

    @property
    def watched(self) -> bool:
        """Whether anybody watches."""
        return bool(self._watchers)

    async def close(self) -> None:
        """Stop rendering."""
        task, self._task = self._task, None
        if task:
            task.cancel()
            await asyncio.wait([task])

    async def _run(self) -> None:
        while True:
            self._touched.clear()
            try:
                await self._refresh()
            except Exception:
                log.exception("the fragment %s could not be rendered; trying again", self.name)
                await asyncio.sleep(RETRY_SECONDS)
                continue
            await asyncio.sleep(self._pause())
            await self._until_changed()

    def _pause(self) -> float:
        """Seconds until the next may be rendered: each uses up a gap, and AT_ONCE gaps may be saved up."""
        now = asyncio.get_running_loop().time()
        self._due = max(self._due, now) + self._gap_seconds
        return max(min(SHORTEST_GAP_SECONDS, self._gap_seconds), self._due - (AT_ONCE - 1) * self._gap_seconds - now)

    async def _refresh(self) -> None:
        with self._together.rendering():
            fragment = await self._render()
            new = self.fragment is None or fragment.html != self.fragment.html
            self.fragment = fragment
            if new:
                self._together.tell(self._watchers)

    async def _until_changed(self) -> None:
        changes = self.fragment.changes if self.fragment else None
        seconds = None if changes is None else max(0.0, (changes - self._clock()).total_seconds())
        try:
            async with asyncio.timeout(seconds):
                await self._touched.wait()
        except TimeoutError:
            return
