"""The parts that commands share, opened and closed in order."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from crm.keyring import load_keyring
from crm.store import Store, open_store
from kernel.bus.memory import MemoryBus
from kernel.bus.streams import StreamsBus
from kernel.ports import Bus
from kernel.settings import Settings

KEYS = "personal_data_keys"


def utc_now() -> datetime:
    """The present moment; the one clock of the running platform."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Parts:
    """Store and bus of one process."""

    settings: Settings
    store: Store
    bus: Bus


@asynccontextmanager
async def open_parts(settings: Settings) -> AsyncGenerator[Parts]:
    """Open what ``settings`` name: SQLite and the in-process bus, or PostgreSQL and Redis Streams.

    Raises StoreError, KeyringError or BusUnavailable, each of which says what to do.
    """
    keyring = load_keyring(settings.secrets / KEYS)
    bus = make_bus(settings)
    try:
        async with open_store(settings.database, keyring, bus) as store:
            yield Parts(settings, store, bus)
    finally:
        await bus.close()


def make_bus(settings: Settings) -> Bus:
    """Redis Streams where a file names the address, with its password; else within this process."""
    if settings.redis_url_file is None:
        return MemoryBus()
    return StreamsBus(settings.redis_url_file.read_text(encoding="utf-8").strip())
