"""Follows the log of events and wakes the live fragments that may show what has happened."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta

from agent_console.japan_day import day_of, midnight
from agent_console.live.day import Day
from agent_console.live.replay import id_before
from agent_console.live.together import Together
from agent_console.live.topic import GAP_SECONDS, Render, Topic
from kernel.commands import Command
from kernel.events import Event, EventKind, StoredEvent
from kernel.news import news
from kernel.ports import Bus, Clock, EventLog

log = logging.getLogger(__name__)

RETRY_SECONDS = 1.0
SAYS_NOTHING_OF_CLICKS = frozenset({EventKind.HISTORY_SAVED, EventKind.OPERATOR_EXPLAINED})
REPLAYED = timedelta(days=1)
QUIET = frozenset({EventKind.RECORDING_STARTED, EventKind.RECORDING_STOPPED, EventKind.RECORDING_DELETED})

Concerns = Callable[[Event], bool]
Heard = Callable[[StoredEvent], None]


class Hub:
    """One for a console. ``day`` is what the log of yesterday and today tells; topics are the fragments."""

    def __init__(self, log_of_events: EventLog, bus: Bus, clock: Clock) -> None:
        self.day = Day()
        self._log = log_of_events
        self._bus = bus
        self._clock = clock
        self._clicks: dict[str, Command] = {}
        self._topics: dict[str, tuple[Topic, Concerns]] = {}
        self._listeners: list[Heard] = []
        self._together = Together()
        self._today: date | None = None
        self._caught_up = asyncio.Event()
        self._trouble: str | None = "the log of events is being read"
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to follow the log."""
        self._task = asyncio.create_task(self._follow_for_ever(), name="console hub")

    async def close(self) -> None:
        """Stop following and rendering."""
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])
        for topic, _ in self._topics.values():
            await topic.close()

    async def caught_up(self) -> None:
        """Return when all that had happened at the start is known."""
        await self._caught_up.wait()

    def trouble(self) -> str | None:
        """Why the pages may be behind; None when they are not."""
        return self._trouble

    def topic(
        self, name: str, render: Render, concerns: Concerns, gap_seconds: float = GAP_SECONDS, *, alone: bool = False
    ) -> Topic:
        """The topic of that name, made on first use; it is woken by the events that it ``concerns``.

        ``alone``: it is pushed as soon as it is rendered, and waits for no other fragment that the event changes.
        """
        if name not in self._topics:
            together = Together() if alone else self._together
            self._topics[name] = (Topic(name, render, self._clock, gap_seconds, together), concerns)
        return self._topics[name][0]

    def listen(self, heard: Heard) -> None:
        """Tell ``heard`` each event that comes from now on, in the order of the log."""
        self._listeners.append(heard)

    def drop(self, topic: Topic) -> None:
        """Forget one that nobody watches, and that another may be made for in its place."""
        if not topic.watched:
            self._topics.pop(topic.name, None)

    def touch(self, beginning: str) -> None:
        """What is told beside the log has changed, which the topics show whose names begin so."""
        for name, (topic, _) in self._topics.items():
            if name.startswith(beginning):
                topic.touch()

    def clicked(self, command: Command) -> None:
        """Remember a click until the log shows what became of it, so that silence can be told too."""
        self._clicks[command.by] = command
        self.touch(f"desk {command.by}")
        self.touch(f"wall {command.by}")

    def unanswered(self, user: str) -> Command | None:
        """The last click of ``user`` that the log has not answered yet."""
        return self._clicks.get(user)

    async def _follow_for_ever(self) -> None:
        while True:
            try:
                await self._follow()
            except Exception as error:
                log.exception("the console lost the log of events; trying again")
                self._trouble = f"the log of events can't be read: {type(error).__name__}"
            await asyncio.sleep(RETRY_SECONDS)

    async def _follow(self) -> None:
        start = await self._start()
        target = await self._log.last_id()
        self._is_caught_up(start, target)
        async for stored in news(self._bus, self._log, start):
            self._take(stored)
            self._is_caught_up(stored.id, target)

    async def _start(self) -> int:
        if self.day.last:
            return self.day.last
        return await id_before(self._log, midnight(day_of(self._clock())) - REPLAYED)

    def _is_caught_up(self, at: int, target: int) -> None:
        if at >= target:
            self._trouble = None
            self._caught_up.set()

    def _take(self, stored: StoredEvent) -> None:
        event = stored.event
        self.day.apply(stored)
        for heard in self._listeners:
            heard(stored)
        self._forget_old_days()
        if event.operator and event.kind not in SAYS_NOTHING_OF_CLICKS:
            self._clicks.pop(event.operator, None)
        if by := event.data.get("by"):
            self._clicks.pop(str(by), None)
        if event.kind in QUIET:
            return
        for topic, concerns in self._topics.values():
            if concerns(event):
                topic.touch()

    def _forget_old_days(self) -> None:
        today = day_of(self._clock())
        if today != self._today:
            self._today = today
            self.day.forget(self._clock())


def no_later_than(*moments: datetime | None) -> datetime | None:
    """The earliest of ``moments``, None where there is none."""
    return min((moment for moment in moments if moment), default=None)
