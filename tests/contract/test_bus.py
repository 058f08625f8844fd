"""The same promises, kept by the bus within a process and by the one on a real Redis."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bench.servers.redis import running_redis
from kernel.bus.errors import BusClosed
from kernel.bus.memory import MemoryBus
from kernel.bus.streams import StreamsBus
from kernel.events import EventKind
from kernel.news import news
from kernel.ports import Bus, Lagged
from tests.support.bus_messages import Log, click, happened, take

CAPACITY = 200


@pytest.fixture(params=["memory", "streams"])
async def bus(request, tmp_path) -> AsyncIterator[Bus]:
    if request.param == "memory":
        bus = MemoryBus(CAPACITY)
        yield bus
        await bus.close()
        return
    async with running_redis(tmp_path) as redis:
        bus = StreamsBus(redis.url, events_kept=CAPACITY, commands_kept=CAPACITY)
        yield bus
        await bus.close()


async def test_an_event_arrives_as_it_was_published(bus):
    told = happened(7, EventKind.MENU_CHOSEN, menu="main", key="1", tries=2, share=0.5, silent=False, language=None)
    async with bus.events() as events:
        await bus.publish_event(told)
        assert await anext(events) == told


async def test_a_click_arrives_as_it_was_made(bus):
    async with bus.commands() as commands:
        await bus.publish_command(click(1))
        assert await anext(commands) == click(1)


async def test_each_reader_hears_everything_in_order_from_its_subscription_on(bus):
    await bus.publish_event(happened(1))
    async with bus.events() as early:
        await bus.publish_event(happened(2))
        async with bus.events() as late:
            await bus.publish_event(happened(3))
            assert await take(early, 2) == [happened(2), happened(3)]
            assert await take(late, 1) == [happened(3)]


async def test_a_reader_who_was_there_first_hears_what_comes_while_it_waits(bus):
    async with bus.events() as events, asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(take(events, 2))
        await bus.publish_event(happened(1))
        await bus.publish_event(happened(2))
    assert waiting.result() == [happened(1), happened(2)]


async def test_events_and_clicks_do_not_mix(bus):
    async with bus.events() as events, bus.commands() as commands:
        await bus.publish_command(click(1))
        await bus.publish_event(happened(1))
        assert await anext(events) == happened(1)
        assert await anext(commands) == click(1)


@pytest.mark.parametrize("kind", ["events", "commands"])
async def test_a_reader_far_behind_is_told_so_and_hears_on_after_subscribing_again(bus, kind):
    subscribe, publish, message = {
        "events": (bus.events, bus.publish_event, happened),
        "commands": (bus.commands, bus.publish_command, click),
    }[kind]
    async with subscribe() as slow:
        for id in range(3 * CAPACITY):
            await publish(message(id))
        with pytest.raises(Lagged):
            await take(slow, 3 * CAPACITY)
    async with subscribe() as again:
        await publish(message(9_999))
        while await anext(again) != message(9_999):  # clicks of the last seconds are heard again
            assert kind == "commands"


async def test_a_reader_of_clicks_hears_those_of_the_last_seconds_again_in_their_order(bus):
    """Nobody misses what was pressed while one controller went on for another."""
    await bus.publish_command(click(1))
    await bus.publish_command(click(2))
    async with bus.commands() as commands:
        await bus.publish_command(click(3))
        assert await take(commands, 3) == [click(1), click(2), click(3)]


async def test_a_click_whose_time_is_over_is_not_heard_again(bus, monkeypatch):
    monkeypatch.setattr("kernel.bus.memory.CLICK_LIFETIME", timedelta(milliseconds=1))
    monkeypatch.setattr("kernel.bus.streams.CLICK_LIFETIME", timedelta(milliseconds=1))
    await bus.publish_command(click(1))
    await asyncio.sleep(0.05)
    async with bus.commands() as commands:
        await bus.publish_command(click(2))
        assert await anext(commands) == click(2)


async def test_a_reader_that_keeps_up_with_many_is_never_told_that_it_lags(bus):
    async with bus.events() as events:
        for start in range(1, 5 * CAPACITY, 150):
            batch = [happened(id) for id in range(start, start + 150)]
            for one in batch:
                await bus.publish_event(one)
            assert await take(events, 150) == batch


async def test_a_slow_reader_does_not_hold_up_who_publishes_or_the_others(bus):
    async with bus.events() as _, bus.events() as quick:
        for id in range(2 * CAPACITY):
            await bus.publish_event(happened(id))
            assert await anext(quick) == happened(id)


async def test_a_reader_that_is_cancelled_leaves_the_others_alone(bus):
    async with bus.events() as events:
        gone = asyncio.create_task(take(events, 1))
        await asyncio.sleep(0)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
    async with bus.events() as events:
        await bus.publish_event(happened(1))
        assert await anext(events) == happened(1)


async def test_closing_ends_readers_and_publishers_loudly(bus):
    async with bus.events() as events, bus.commands() as commands:
        reading = [asyncio.create_task(take(one, 1)) for one in (events, commands)]
        await asyncio.sleep(0)
        assert await bus.unready() is None
        await bus.close()
        for one in reading:
            with pytest.raises(BusClosed):
                await one
    with pytest.raises(BusClosed):
        await bus.publish_event(happened(1))
    with pytest.raises(BusClosed):
        await bus.publish_command(click(1))
    with pytest.raises(BusClosed):
        async with bus.events():
            pass
    assert await bus.unready() is not None


async def test_news_tell_every_event_once_though_the_reader_falls_far_behind(bus):
    log, heard = Log(), []
    told = news(bus, log, 0)
    for id in range(1, 4 * CAPACITY):
        log.stored.append(happened(id))
        await bus.publish_event(log.stored[-1])
        if id == 1:
            heard.append(await anext(told))
    while len(heard) < len(log.stored):
        heard.append(await anext(told))
    assert heard == log.stored
    await told.aclose()
