"""A running console, and people who are logged in at it. A test file that needs another one defines its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from kernel.operator import OperatorState
from tests.support.console import Desk, console
from tests.support.console_client import Browser
from tests.support.directory import ENTRIES


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with console(tmp_path) as running:
        yield running


@pytest.fixture
async def sato(desk: Desk) -> AsyncIterator[Browser]:
    """An operator in a pause."""
    async with logged_in(desk, "sato") as browser:
        await desk.operator("sato", OperatorState.PAUSED)
        yield browser


@pytest.fixture
async def mori(desk: Desk) -> AsyncIterator[Browser]:
    """A supervisor."""
    async with logged_in(desk, "mori") as browser:
        yield browser


@pytest.fixture
async def kimura(desk: Desk) -> AsyncIterator[Browser]:
    """A member of the city's staff."""
    async with logged_in(desk, "kimura") as browser:
        yield browser


@pytest.fixture
async def ueda(desk: Desk) -> AsyncIterator[Browser]:
    """An administrator."""
    async with logged_in(desk, "ueda") as browser:
        yield browser


@pytest.fixture
async def directory(desk: Desk) -> None:
    """The directory of ``tests.support.directory``."""
    await desk.store.directory.replace(ENTRIES, by="ueda", now=desk.clock())


@pytest.fixture
async def talk(desk: Desk, sato: Browser) -> None:
    """Sato talks in the call c1."""
    await desk.waits("c1")
    await desk.talks("c1", "sato")


@asynccontextmanager
async def logged_in(desk: Desk, user: str) -> AsyncIterator[Browser]:
    async with Browser(desk.url) as browser:
        await browser.log_in(user)
        yield browser
