"""Messages for tests of the bus, and the log of events that they come from."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

from kernel.commands import Command, CommandKind
from kernel.events import Event, EventKind, Plain, StoredEvent

NOON = datetime(2026, 11, 24, 3, 0, 0, 120_000, tzinfo=UTC)


def happened(id: int, kind: EventKind = EventKind.CALL_QUEUED, **data: Plain) -> StoredEvent:
    return StoredEvent(id, Event(kind, NOON + timedelta(seconds=id), "centre-1.1", "sato", "enquiries", data))


def click(id: int) -> Command:
    return Command(str(id), CommandKind.PAUSE, "mori", "sato", NOON, call="centre-1.1", reason="昼休み")


async def take(reader: AsyncIterator, count: int) -> list:
    """The next ``count`` messages."""
    return [await anext(reader) for _ in range(count)]


class Log:
    """The events in the store."""

    def __init__(self) -> None:
        self.stored: list[StoredEvent] = []

    async def since(self, id: int, limit: int = 1000) -> list[StoredEvent]:
        return [one for one in self.stored if one.id > id][:limit]

    async def last_id(self) -> int:
        return len(self.stored)
