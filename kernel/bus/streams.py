"""The bus between processes and hosts, on Redis Streams (Redis 7.0 or later)."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, TypeVar

from redis.exceptions import RedisError

from kernel.bus.codec import decode_command, decode_event, encode_command, encode_event
from kernel.bus.errors import BusClosed, BusUnavailable
from kernel.bus.reader import FIELD, StreamReader
from kernel.bus.redis_client import Connections, Outage, answer_in_time, open_redis
from kernel.commands import CLICK_LIFETIME, Command
from kernel.events import StoredEvent

T = TypeVar("T")

EVENTS = "denwa:events"
COMMANDS = "denwa:commands"
EVENTS_KEPT = 10_000
COMMANDS_KEPT = 1_000


class StreamsBus:
    """kernel.ports.Bus on the Redis at ``url``; connects on first use, so that it may come up later.

    ``url`` holds the password and comes from a file. Each stream keeps about as many messages as named; a reader that
    is further behind is told Lagged. While Redis is gone publishing raises BusUnavailable, readers of events are told
    Lagged every two seconds or oftener, so that they live on the store, and readers of commands wait.
    """

    def __init__(self, url: str, events_kept: int = EVENTS_KEPT, commands_kept: int = COMMANDS_KEPT) -> None:
        """Raises BadBusAddress."""
        self._connections = Connections()
        self._writing = open_redis(url, Connections(), retries=1)
        self._reading = open_redis(url, self._connections, retries=0)
        self._kept = {EVENTS: events_kept, COMMANDS: commands_kept}
        self._no_writing = Outage("the bus can't be written")
        self._no_reading = Outage("the bus can't be read")
        self._readers: set[StreamReader[Any]] = set()
        self._closed = False

    async def publish_event(self, event: StoredEvent) -> None:
        """Tell all who subscribe to events. Raises BusUnavailable, BusClosed."""
        await self._add(EVENTS, encode_event(event))

    async def publish_command(self, command: Command) -> None:
        """Tell all who subscribe to commands. Raises BusUnavailable, BusClosed."""
        await self._add(COMMANDS, encode_command(command))

    @asynccontextmanager
    async def events(self) -> AsyncGenerator[AsyncIterator[StoredEvent]]:
        """What is published from now on."""
        async with self._subscribe(EVENTS, decode_event, from_store=True) as reader:
            yield reader

    @asynccontextmanager
    async def commands(self) -> AsyncGenerator[AsyncIterator[Command]]:
        """What was published in the last CLICK_LIFETIME, and what is published from now on."""
        async with self._subscribe(COMMANDS, decode_command, from_store=False, again=CLICK_LIFETIME) as reader:
            yield reader

    async def unready(self) -> str | None:
        """Why the bus can't be used now, for /readyz; asks Redis."""
        if self._closed:
            return "the bus is closed"
        try:
            async with answer_in_time():
                await self._writing.ping()  # pyright: ignore[reportUnknownMemberType, reportGeneralTypeIssues]
        except (RedisError, OSError) as error:
            self._no_writing.failed(error)
        else:
            self._no_writing.worked()
        return self._no_writing.reason or self._no_reading.reason

    async def close(self) -> None:
        """End every subscription with BusClosed and let go of the connections."""
        self._closed = True
        for reader in self._readers:
            reader.closed = True
        await self._reading.aclose()
        await self._writing.aclose()

    async def _add(self, stream: str, message: bytes) -> None:
        if self._closed:
            raise BusClosed("the bus is closed")
        try:
            async with answer_in_time():
                await self._writing.xadd(stream, {FIELD: message}, maxlen=self._kept[stream], approximate=True)
        except (RedisError, OSError) as error:
            self._no_writing.failed(error)
            raise BusUnavailable(f"nothing was sent: {self._no_writing.reason}") from error
        self._no_writing.worked()

    @asynccontextmanager
    async def _subscribe(
        self, stream: str, decode: Callable[[bytes], T], *, from_store: bool, again: timedelta = timedelta()
    ) -> AsyncGenerator[StreamReader[T]]:
        if self._closed:
            raise BusClosed("the bus is closed")
        reader = StreamReader(self._reading, self._connections, stream, decode, self._no_reading, from_store=from_store)
        self._readers.add(reader)
        try:
            await reader.begin(again)
            yield reader
        finally:
            self._readers.discard(reader)
