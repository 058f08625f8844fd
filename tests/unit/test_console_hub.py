import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta

import pytest

from agent_console.live.hub import Hub
from agent_console.live.topic import Fragment
from kernel.bus.memory import MemoryBus
from kernel.commands import CommandKind, command
from kernel.events import Event, EventKind, StoredEvent

pytestmark = pytest.mark.looptime
NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
TODAY = date(2026, 11, 24)


def now() -> datetime:
    return NOON + timedelta(seconds=asyncio.get_running_loop().time())


class Log:
    """A log of events that can be away, and that publishes or loses what is added."""

    def __init__(self, bus: MemoryBus) -> None:
        self.bus = bus
        self.stored: list[StoredEvent] = []
        self.away = False

    async def add(self, *events: Event, lost: bool = False) -> None:
        for event in events:
            self.stored.append(StoredEvent(len(self.stored) + 1, event))
            if not lost:
                await self.bus.publish_event(self.stored[-1])

    async def since(self, id: int, limit: int = 1000) -> list[StoredEvent]:
        if self.away:
            raise ConnectionError("the database is away")
        return self.stored[id : id + limit]

    async def last_id(self) -> int:
        if self.away:
            raise ConnectionError("the database is away")
        return len(self.stored)


@asynccontextmanager
async def running(log: Log):
    hub = Hub(log, log.bus, now)
    hub.start()
    try:
        yield hub
    finally:
        await hub.close()
        await log.bus.close()


def queued(call: str, at: datetime = NOON) -> Event:
    return Event(EventKind.CALL_QUEUED, at, call, queue="enquiries")


def offered(hub: Hub, day: date = TODAY) -> int:
    return sum(one.offered for one in hub.day.contacts.by_queue(day, {}, NOON).values())


async def told(hub: Hub, calls: int) -> None:
    await asyncio.sleep(1)  # virtual: whatever can happen now has happened
    assert offered(hub) == calls


async def test_what_happened_before_the_start_is_known_before_the_first_page():
    log = Log(MemoryBus())
    long_ago = [queued(f"old {n}", NOON - timedelta(days=5)) for n in range(2500)]
    await log.add(*long_ago, queued("c1"), queued("c2"), lost=True)
    async with running(log) as hub:
        await hub.caught_up()
        assert offered(hub) == 2
        assert hub.trouble() is None
        assert offered(hub, TODAY - timedelta(days=5)) == 0


async def test_a_database_that_is_away_is_told_and_caught_up_with_when_it_is_back(caplog):
    log = Log(MemoryBus())
    log.away = True
    async with running(log) as hub:
        await asyncio.sleep(5)
        assert "ConnectionError" in (hub.trouble() or "")
        assert "the console lost the log of events" in caplog.text
        log.away = False
        await log.add(queued("c1"), lost=True)
        await asyncio.wait_for(hub.caught_up(), 5)
        assert hub.trouble() is None
        await told(hub, 1)


async def test_an_event_that_the_bus_lost_is_counted_with_the_next_one_and_none_twice():
    log = Log(MemoryBus())
    async with running(log) as hub:
        await hub.caught_up()
        await asyncio.sleep(1)
        await log.add(queued("c1"), lost=True)
        await log.add(queued("c2"))
        await log.bus.publish_event(log.stored[-1])
        await told(hub, 2)


async def test_only_the_topics_that_an_event_concerns_are_rendered_anew():
    log, rendered, news = Log(MemoryBus()), {"mine": 0, "other": 0}, asyncio.Event()
    async with running(log) as hub:
        for name in ("mine", "other"):

            async def render(name: str = name) -> Fragment:
                rendered[name] += 1
                return Fragment(f"{name} {rendered[name]}")

            hub.topic(name, render, lambda event, name=name: event.operator == name).watch(news)
        await asyncio.sleep(1)
        await log.add(Event(EventKind.OPERATOR_CHANGED, now(), operator="mine"))
        await asyncio.sleep(1)
        assert rendered == {"mine": 2, "other": 1}


async def test_a_click_waits_for_its_answer_and_a_saved_history_is_none():
    log = Log(MemoryBus())
    async with running(log) as hub:
        await hub.caught_up()
        await asyncio.sleep(1)
        click = command(CommandKind.READY, "sato", now())
        hub.clicked(click)
        await log.add(Event(EventKind.HISTORY_SAVED, now(), "c1", "sato"))
        await asyncio.sleep(1)
        assert hub.unanswered("sato") == click
        await log.add(Event(EventKind.OPERATOR_CHANGED, now(), operator="sato"))
        await asyncio.sleep(1)
        assert hub.unanswered("sato") is None
