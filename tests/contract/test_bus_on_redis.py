"""What only the bus on Redis can meet: a server that goes, is silent, comes back, or holds what we never wrote."""

import asyncio

import pytest
import structlog.testing

from bench.servers.redis import running_redis
from kernel.bus.errors import BusUnavailable
from kernel.bus.reader import FIELD
from kernel.bus.streams import COMMANDS, EVENTS, StreamsBus
from kernel.news import news
from kernel.ports import Lagged
from tests.support.bus_messages import Log, click, happened, take


@pytest.fixture
async def redis(tmp_path):
    async with running_redis(tmp_path) as redis:
        yield redis


@pytest.fixture
async def bus(redis):
    bus = StreamsBus(redis.url)
    yield bus
    await bus.close()


async def test_publishing_says_that_redis_is_gone_and_works_when_it_is_back(redis, bus):
    await redis.kill()
    with pytest.raises(BusUnavailable) as event_failed:
        await bus.publish_event(happened(1))
    with pytest.raises(BusUnavailable):
        await bus.publish_command(click(1))
    assert redis.password not in str(event_failed.value)
    assert await bus.unready() is not None
    await redis.start()
    await bus.publish_event(happened(1))
    assert await bus.unready() is None


async def test_a_reader_of_events_is_told_to_look_into_the_store_while_redis_is_gone(redis, bus):
    async with bus.events() as events:
        await redis.kill()
        with pytest.raises(Lagged):
            await anext(events)
    async with bus.events() as events:
        with pytest.raises(Lagged):
            await anext(events)


async def test_news_go_on_from_the_store_while_redis_is_gone_and_from_the_bus_afterwards(redis, bus):
    log = Log()
    log.stored.append(happened(1))
    told = news(bus, log, 0)
    assert await anext(told) == happened(1)
    await redis.kill()
    log.stored.append(happened(2))
    assert await anext(told) == happened(2)
    await redis.start()
    log.stored.append(happened(3))
    assert await anext(told) == happened(3)
    log.stored.append(happened(4))
    await bus.publish_event(happened(4))
    assert await anext(told) == happened(4)
    await told.aclose()


async def test_a_click_made_while_the_readers_connection_was_cut_is_not_lost(redis, bus):
    async with bus.commands() as commands:
        await bus.publish_command(click(1))
        assert await anext(commands) == click(1)
        waiting = asyncio.create_task(anext(commands))
        admin = redis.client()
        await _until_somebody_reads(admin)
        await admin.client_kill_filter(_type="normal", skipme=True)
        await bus.publish_command(click(2))
        await admin.aclose()
        assert await waiting == click(2)


async def test_a_reader_of_clicks_is_told_when_redis_was_started_anew_and_clicks_may_be_lost(redis, bus):
    async with bus.commands() as commands:
        await bus.publish_command(click(1))
        assert await anext(commands) == click(1)
        await redis.kill()
        await redis.start()
        await bus.publish_command(click(2))
        assert await anext(commands) == click(2)
        with pytest.raises(Lagged):
            await anext(commands)
    async with bus.commands() as commands:
        await bus.publish_command(click(3))
        assert await take(commands, 3) == [click(1), click(2), click(3)]


async def test_a_reader_of_clicks_that_came_before_redis_waits_for_it(redis, bus):
    await redis.kill()
    async with bus.commands() as commands:
        waiting = asyncio.create_task(anext(commands))
        await asyncio.wait({waiting}, timeout=0.3)
        assert not waiting.done()
        await redis.start()
        with pytest.raises(Lagged):
            await waiting


async def test_a_redis_that_says_nothing_more_counts_as_gone(redis, bus, monkeypatch):
    monkeypatch.setattr("kernel.bus.redis_client.ANSWER_SECONDS", 0.3)
    impatient = StreamsBus(redis.url)
    monkeypatch.setattr("kernel.bus.reader.BLOCK_SECONDS", 0.1)
    async with impatient.events() as events:
        redis.freeze()
        with pytest.raises(Lagged):
            await anext(events)
        with pytest.raises(BusUnavailable):
            await impatient.publish_event(happened(1))
        redis.thaw()
    await impatient.close()


async def test_a_message_that_is_none_of_ours_is_told_in_the_log_and_passed_over(redis, bus):
    strangers = [
        b"\xff\xfe",
        b"",
        b"[]",
        b'{"id":1}',
        b'{"id":"1","event":{"kind":"call_queued","at":"2026-11-24T03:00:00Z"}}',
        b'{"id":1,"event":{"kind":"call_queued","at":"2026-11-24T03:00:00"}}',
        b'{"id":1,"event":{"kind":"of_a_later_version","at":"2026-11-24T03:00:00Z","data":{"phone":"0466251111"}}}',
    ]
    admin = redis.client()
    async with bus.events() as events, bus.commands() as commands:
        for stranger in strangers:
            await admin.xadd(EVENTS, {FIELD: stranger})
            await admin.xadd(COMMANDS, {FIELD: stranger})
        await admin.xadd(EVENTS, {"another field": "x"})
        await bus.publish_event(happened(1))
        await bus.publish_command(click(1))
        with structlog.testing.capture_logs() as lines:
            assert await anext(events) == happened(1)
            assert await anext(commands) == click(1)
    await admin.aclose()
    assert len(lines) == 2 * len(strangers) + 1
    assert {line["log_level"] for line in lines} == {"error"}
    assert "0466251111" not in str(lines)


async def test_the_log_tells_an_outage_once_and_without_the_password(redis, bus):
    with structlog.testing.capture_logs() as lines:
        await redis.kill()
        for _ in range(3):
            with pytest.raises(BusUnavailable):
                await bus.publish_event(happened(1))
        await redis.start()
        await bus.publish_event(happened(1))
    assert [line["log_level"] for line in lines] == ["error", "warning"]
    assert redis.password not in str(lines)


async def test_the_streams_stay_short_whoever_does_not_read_them(redis):
    bus = StreamsBus(redis.url, events_kept=100, commands_kept=100)
    for id in range(1000):
        await bus.publish_event(happened(id))
    admin = redis.client()
    assert 100 <= await admin.xlen(EVENTS) <= 300
    await admin.aclose()
    await bus.close()


async def _until_somebody_reads(admin) -> None:
    while not any(one["cmd"] == "xread" for one in await admin.client_list()):
        await asyncio.sleep(0.01)
