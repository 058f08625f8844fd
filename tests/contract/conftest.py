"""The store's tests run on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bench.servers.postgres import Postgres, running_postgres
from crm.keyring import Keyring
from crm.migrate import migrate
from crm.store import Store, open_store
from tests.support.store import new_sqlite
from tests.support.told_bus import ToldBus


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def migrated(postgres: Postgres) -> str:
    name = postgres.create()
    with ThreadPoolExecutor(1) as apart:  # a test's loop may be running here
        apart.submit(lambda: asyncio.run(migrate(postgres.url(name)))).result()
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """A migrated, empty database."""
    if request.param == "sqlite":
        yield await new_sqlite(tmp_path)
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = server.create(request.getfixturevalue("migrated"))
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def keyring() -> Keyring:
    return Keyring.new()


@pytest.fixture
def bus() -> ToldBus:
    return ToldBus()


@pytest.fixture
async def store(url: str, keyring: Keyring, bus: ToldBus) -> AsyncIterator[Store]:
    async with open_store(url, keyring, bus) as store:
        yield store
