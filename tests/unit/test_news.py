"""News arrives in order and once, whatever the bus does."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ivr.seed_file import load
from kernel.bus.memory import MemoryBus
from kernel.events import Event, EventKind
from kernel.news import news
from tests.support.memory_store import MemoryStore

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
SEED = Path(__file__).parents[2] / "ivr/seeds/fujisawa.yaml"

pytestmark = pytest.mark.looptime


def written(store: MemoryStore, count: int) -> None:
    for _ in range(count):
        store.write(Event(EventKind.CALL_ARRIVED, NOON))


async def read(bus: MemoryBus, store: MemoryStore, count: int, after: int = 0) -> list[int]:
    seen: list[int] = []
    async with aclosing(news(bus, store, after)) as coming:
        async for stored in coming:
            seen.append(stored.id)
            if len(seen) == count:
                break
    return seen


async def test_what_was_written_before_is_read_first_and_what_is_published_twice_or_out_of_order_once():
    bus, store = MemoryBus(), MemoryStore(load(SEED))
    written(store, 2)
    reading = asyncio.create_task(read(bus, store, 5))
    await asyncio.sleep(0.1)
    written(store, 3)
    for stored in (store.stored[4], store.stored[2], store.stored[3], store.stored[4]):
        await bus.publish_event(stored)
    assert await reading == [1, 2, 3, 4, 5]


async def test_what_another_process_wrote_without_our_bus_is_read_all_the_same():
    bus, store = MemoryBus(), MemoryStore(load(SEED))
    reading = asyncio.create_task(read(bus, store, 3))
    await asyncio.sleep(5)
    written(store, 2)
    await asyncio.sleep(5)
    written(store, 1)
    assert await reading == [1, 2, 3]


async def test_a_reader_that_starts_after_some_event_is_not_told_what_came_before():
    bus, store = MemoryBus(), MemoryStore(load(SEED))
    written(store, 4)
    assert await read(bus, store, 2, after=2) == [3, 4]
