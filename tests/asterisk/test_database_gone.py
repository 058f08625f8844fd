"""The database is gone for ten seconds while calls come, ring, talk and end: they notice nothing, nothing is lost."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import make_url

from bench.servers.postgres import Postgres, running_postgres
from denwa.world.leg import OutsideLeg
from kernel.call import Outcome, Stage
from tests.support.asterisk import World
from tests.support.installation import make_platform
from tests.support.platform import Platform
from tests.support.talk import CITIZEN_HERTZ, OPERATOR_HERTZ, answered, says

OUTAGE_SECONDS = 10.0
ONCE = ("call_arrived", "menu_chosen", "call_queued", "call_offered", "call_answered", "talk_ended")


@contextmanager
def locked(platform: Platform) -> Iterator[None]:
    """Another process's write transaction, as of a backup, on the SQLite file."""
    other = sqlite3.connect(_file(platform), timeout=30, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.rollback()
        other.close()


@contextmanager
def full(platform: Platform) -> Iterator[None]:
    """The platform's process may make no file longer than the database's log is: a disk that takes nothing more."""
    size = Path(f"{_file(platform)}-wal").stat().st_size
    before = resource.prlimit(platform.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        resource.prlimit(platform.pid, resource.RLIMIT_FSIZE, before)


@contextmanager
def stopped(server: Postgres) -> Iterator[None]:
    """PostgreSQL is stopped as a power cut would, and started again."""
    server.stop()
    try:
        yield
    finally:
        server.start_again()


def _file(platform: Platform) -> str:
    return make_url(platform.settings.database).database or ""


@pytest.fixture
async def on_postgres(world: World, tmp_path: Path) -> AsyncIterator[tuple[Platform, Postgres]]:
    with running_postgres() as server:
        async with make_platform(world, tmp_path, server.url(server.create())) as platform:
            yield platform, server
            platform.end()


async def test_calls_go_on_while_another_process_holds_the_database(platform: Platform):
    await platform.ready_operators("sato", "suzuki")
    await platform.start()
    await ten_seconds_without(platform, locked(platform))


async def test_calls_go_on_while_the_disk_takes_nothing_more(platform: Platform):
    await platform.ready_operators("sato", "suzuki")
    await platform.start()
    await ten_seconds_without(platform, full(platform))


async def test_calls_go_on_while_postgresql_is_stopped(on_postgres: tuple[Platform, Postgres]):
    platform, server = on_postgres
    await platform.ready_operators("sato", "suzuki")
    await platform.start()
    await ten_seconds_without(platform, stopped(server))


@dataclass(frozen=True, slots=True)
class Callers:
    """Who is still there of the four who rang during the outage, the first and the third having hung up."""

    talks: OutsideLeg
    phone: OutsideLeg
    waits: OutsideLeg


async def ten_seconds_without(platform: Platform, database: AbstractContextManager[None]) -> None:
    with database:
        begun = asyncio.get_running_loop().time()
        callers = await _calls_come_and_go(platform)
        await platform.says("the database takes nothing")
        await asyncio.sleep(OUTAGE_SECONDS - (asyncio.get_running_loop().time() - begun))  # the outage itself
        await callers.talks.hears_tone(OPERATOR_HERTZ)
        await callers.phone.hears_tone(CITIZEN_HERTZ)
        await callers.waits.hears_music()
    await platform.says("the database takes writes again")
    await _all_is_stored(platform, callers)
    assert await platform.stop() == 0
    said = platform.said()
    assert not [wrong for wrong in ("the handling of a call failed", "a call was lost", "set aside") if wrong in said]


async def _calls_come_and_go(platform: Platform) -> Callers:
    over, phone = await _talks(platform, "7001")
    await over.hang_up()
    await phone.is_over()
    talks, its_phone = await _talks(platform, "7002")
    gives_up = await _rings(platform)
    await gives_up.hears_music()
    await gives_up.hang_up()
    waits = await _rings(platform)
    await waits.hears_music()
    return Callers(talks, its_phone, waits)


async def _rings(platform: Platform) -> OutsideLeg:
    citizen = await platform.world.rings("0466251111", "09012345678")
    await citizen.presses("1")
    return citizen


async def _talks(platform: Platform, extension: str) -> tuple[OutsideLeg, OutsideLeg]:
    citizen = await _rings(platform)
    phone = await platform.world.rung("phone", extension)
    await platform.world.answers(phone)
    await phone.listen()
    await says(platform, citizen, CITIZEN_HERTZ)
    await says(platform, phone, OPERATOR_HERTZ)
    await phone.hears_tone(CITIZEN_HERTZ)
    return citizen, phone


async def _all_is_stored(platform: Platform, callers: Callers) -> None:
    await platform.store.journal.flushed()

    async def four() -> list[str] | None:
        stored = await platform.store.events.since(0)
        found = [one.event.call for one in stored if one.event.kind.value == "call_arrived" and one.event.call]
        return found if len(found) == 4 else None

    first, second, gave_up, last = await platform.until(four, "four calls are stored")
    await platform.at(first, Stage.WRAP_UP)
    await platform.at(second, Stage.TALK)
    assert (await platform.at(gave_up, Stage.ENDED)).outcome is Outcome.ABANDONED
    waiting = await platform.at(last, Stage.WAIT)
    async with platform.at_desk("sato") as desk:
        await desk.finish_wrap_up(first)
        talk = await answered(platform, waiting, callers.waits, await platform.world.rung("phone", "7001"))
        await talk.citizen.hang_up()
        await callers.talks.hang_up()
        await platform.at(second, Stage.WRAP_UP)
        await platform.at(last, Stage.WRAP_UP)
    for call in (first, second, last):
        assert [kind for kind in await platform.kinds(call) if kind in ONCE] == list(ONCE)
    assert (await platform.kinds(gave_up)).count("call_abandoned") == 1
