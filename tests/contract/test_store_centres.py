"""The centre's versions on both databases: kept, current everywhere, and saved by the faster of two."""

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from crm.centres import FRESH_SECONDS, CentreVersions, NoCentre
from crm.database import Database
from crm.errors import Changed, StoreError
from crm.store import open_store
from ivr.seed_file import load
from kernel.events import EventKind
from tests.support.hand_clock import HandClock

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
LATER = NOON + timedelta(minutes=5)
CENTRE = load(Path(__file__).parents[2] / "ivr/seeds/fujisawa.yaml")
RENAMED = CENTRE.model_copy(update={"name": "藤沢市コンタクトセンター 分室"})


async def test_a_saved_centre_comes_back_as_it_was_with_an_event(store, bus):
    with pytest.raises(NoCentre, match="denwa seed"):
        await store.centres.current()
    saved = await store.centres.save(CENTRE, by="admin", now=NOON, expected_version=0)
    assert saved.version == 1
    assert await store.centres.current() == CENTRE
    (told,) = await bus.hears(1)
    assert (told.event.kind, told.event.data) == (EventKind.CENTRE_CHANGED, {"version": 1})


async def test_the_later_of_two_writers_is_told_who_was_faster_and_every_version_stays(store):
    await store.centres.save(CENTRE, by="admin", now=NOON, expected_version=0)
    await store.centres.save(RENAMED, by="abe", now=LATER, expected_version=1)
    with pytest.raises(Changed, match="changed by abe at 2026-11-24 03:05:00 UTC"):
        await store.centres.save(CENTRE, by="admin", now=LATER, expected_version=1)
    assert [(one.version, one.by, one.at, one.centre) for one in await store.centres.history()] == [
        (2, "abe", LATER, RENAMED),
        (1, "admin", NOON, CENTRE),
    ]
    with pytest.raises(DBAPIError, match="only added to"):
        async with store.database.write() as connection:
            await connection.execute(text("DELETE FROM centre_versions"))


async def test_versions_are_kept_as_they_lie_and_listed_from_any_of_them_on(store):
    await store.centres.save(CENTRE, by="admin", now=NOON, expected_version=0)
    await store.centres.save(RENAMED, by="abe", now=LATER, expected_version=1)
    await store.centres.save(CENTRE, by="admin", now=LATER, expected_version=2)
    listed = await store.centres.kept(2)
    assert [(one.version, one.by, one.at) for one in listed] == [(3, "admin", LATER), (2, "abe", LATER)]
    assert listed[1].document == RENAMED.model_dump(mode="json")
    assert [one.version for one in await store.centres.kept(5, 2)] == [2, 1]
    assert await store.centres.kept(5, 0) == []


async def test_another_process_sees_a_change_when_it_is_told_and_at_the_latest_soon_after(url, keyring):
    async with open_store(url, keyring) as one, open_store(url, keyring) as other:
        await one.centres.save(CENTRE, by="admin", now=NOON, expected_version=0)
        clock = HandClock()
        centres = CentreVersions(other.database, other.announcer, clock.monotonic)
        assert await centres.current() == CENTRE
        await one.centres.save(RENAMED, by="admin", now=LATER, expected_version=1)
        assert await centres.current() == CENTRE, "asked for a moment ago"
        await clock.advance(FRESH_SECONDS)
        assert await centres.current() == RENAMED
        await one.centres.save(CENTRE, by="admin", now=LATER, expected_version=2)
        await centres.refresh()
        assert await centres.current() == CENTRE


class Ill(Database):
    """Answers, fails, or hangs."""

    def __init__(self, url):
        super().__init__(url)
        self.fails = False
        self.hangs: asyncio.Event | None = None

    @asynccontextmanager
    async def read(self):
        if self.fails:
            raise OperationalError("SELECT", None, ConnectionError("gone"))
        if self.hangs:
            await self.hangs.wait()
        async with super().read() as connection:
            yield connection


async def test_calls_go_on_with_the_last_known_centre_while_the_database_fails_or_hangs(store, url):
    await store.centres.save(CENTRE, by="admin", now=NOON, expected_version=0)
    database, clock = Ill(url), HandClock()
    centres = CentreVersions(database, store.announcer, clock.monotonic)
    await centres.refresh()
    database.fails = True
    await clock.advance(FRESH_SECONDS)
    assert await centres.current() == CENTRE
    database.fails, database.hangs = False, asyncio.Event()
    await store.centres.save(RENAMED, by="admin", now=LATER, expected_version=1)
    for _ in range(3):
        await clock.advance(FRESH_SECONDS)
        assert await centres.current() == CENTRE
    database.hangs.set()
    await clock.advance(FRESH_SECONDS)
    assert await centres.current() == RENAMED
    await database.close()


async def test_a_document_that_this_version_does_not_understand_says_which_one(store):
    async with store.database.write() as connection:
        await connection.execute(
            text('INSERT INTO centre_versions (version, at, "by", document) VALUES (:v, :at, :by, :document)'),
            {"v": 1, "at": "2026-11-24 03:00:00" if store.database.sqlite else NOON, "by": "x", "document": "{}"},
        )
    with pytest.raises(StoreError, match="version 1 of the centre does not suit"):
        await store.centres.current()
