"""Real Asterisks. ``centre`` and ``outside`` run once for all tests; a test that breaks one asks for ``own_world``."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path

import pytest

from tests.support.asterisk import Instance, World, make_world
from tests.support.hikari_denwa import lonely_world, registered_world
from tests.support.installation import make_platform
from tests.support.platform import Platform

SHOWN = 5000
"""Characters of a log's end that are shown beside a failure."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Function) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed test shows what its platform logged: its folder is gone when somebody reads of the failure."""
    report = yield
    if report.failed:
        platforms = (one for one in item.funcargs.values() if isinstance(one, Platform) and one.log.exists())
        report.sections += [("the platform's log", one.said()[-SHOWN:]) for one in platforms]
    return report


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The centre and the world outside, running; shared, so leave it as you found it."""
    both = make_world(tmp_path_factory.mktemp("world"))
    asyncio.run(_up(both))
    yield both
    asyncio.run(both.stop())


@pytest.fixture
def centre(world: World) -> Instance:
    return world.centre


@pytest.fixture
def outside(world: World) -> Instance:
    return world.outside


@pytest.fixture
async def own_world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """A world that is the test's alone: kill it, restart it."""
    both = make_world(tmp_path_factory.mktemp("own"))
    await _up(both)
    yield both
    await both.stop()


async def _up(both: World) -> None:
    await both.start()
    await both.phones_registered()


@pytest.fixture
async def platform(world: World, tmp_path: Path) -> AsyncIterator[Platform]:
    """The platform around the shared Asterisks, not started, with a store of its own."""
    async with make_platform(world, tmp_path) as one:
        yield one


@pytest.fixture
async def own_platform(own_world: World, tmp_path: Path) -> AsyncIterator[Platform]:
    """The platform around Asterisks that are the test's alone."""
    async with make_platform(own_world, tmp_path) as one:
        yield one


@pytest.fixture(scope="session")
def registered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A line of Hikari Denwa at which the centre is registered with a password; it carries two calls. Shared."""
    world = asyncio.run(registered_world(tmp_path_factory.mktemp("line")))
    yield world
    asyncio.run(world.stop())


@pytest.fixture(scope="session")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """The centre with nobody at its trunks' addresses: SIPp takes their place. Shared."""
    centre = lonely_world(tmp_path_factory.mktemp("sipp")).centre
    asyncio.run(centre.start())
    yield centre
    asyncio.run(centre.stop())
