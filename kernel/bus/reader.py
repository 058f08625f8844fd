"""Reads one Redis stream from the moment of subscription on, and notices what it may have missed."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, TypeVar

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from kernel.bus.codec import Undecodable
from kernel.bus.errors import BusClosed, BusError
from kernel.bus.redis_client import BLOCK_SECONDS, Connections, Outage, answer_in_time
from kernel.ports import Lagged

log = structlog.get_logger(__name__)

T = TypeVar("T")

FIELD = b"m"
BATCH = 100


@dataclass(frozen=True, slots=True)
class Place:
    """How far a reader is: the last entry's id, how many were ever added up to it, and in which life of the server.

    ``connections`` is the client's count when the server was last known to be the same.
    """

    last: bytes
    count: int
    server: str
    connections: int


class StreamReader(AsyncIterator[T]):
    """What is added to ``stream``, decoded.

    With ``from_store`` the reader can find what it misses elsewhere: it is told Lagged again and again while Redis is
    gone. Without, it waits, and is told only when messages were truly out of reach: trimmed, or lost with the server.
    """

    def __init__(
        self,
        redis: Redis,
        connections: Connections,
        stream: str,
        decode: Callable[[bytes], T],
        outage: Outage,
        *,
        from_store: bool,
    ) -> None:
        self._redis: Any = redis  # redis-py's answers are untyped; this class gives them their types
        self._connections = connections
        self._stream = stream
        self._decode = decode
        self._outage = outage
        self._from_store = from_store
        self._place: Place | None = None
        self._ready = deque[T]()
        self._missed: Lagged | None = None
        self.closed = False

    async def begin(self, again: timedelta = timedelta()) -> None:
        """Remember the stream's present end, and hear ``again`` what came so shortly before.

        Redis may be gone: then all that follows counts as missed.
        """
        try:
            async with answer_in_time():
                place = await self._end_of_stream()
                if again:
                    await self._hear_again(place, again)
                self._place = place
        except (RedisError, OSError) as error:
            self._outage.failed(error)

    async def _hear_again(self, place: Place, lately: timedelta) -> None:
        """An entry's id begins with the server's time of it, in milliseconds."""
        seconds, microseconds = await self._redis.time()
        since = seconds * 1000 + microseconds // 1000 - int(lately.total_seconds() * 1000)
        self._decode_all(await self._redis.xrange(self._stream, min=f"{since}-0", max=place.last))

    async def __anext__(self) -> T:
        while not self._ready:
            self._raise_if_closed()
            if self._missed:
                raise self._missed
            try:
                async with answer_in_time():
                    await self._read()
            except (RedisError, OSError) as error:
                self._raise_if_closed()
                await self._redis_is_gone(error)
            else:
                self._outage.worked()
        return self._ready.popleft()

    def _raise_if_closed(self) -> None:
        if self.closed:
            raise BusClosed("the bus is closed")

    async def _redis_is_gone(self, error: Exception) -> None:
        self._outage.failed(error)
        await self._outage.pause()
        if self._from_store:
            raise Lagged("Redis does not answer")

    async def _read(self) -> None:
        if self._place is None:
            await self._end_of_stream()
            self._outage.worked()
            raise Lagged("Redis was gone when the subscription began")
        block = int(BLOCK_SECONDS * 1000)
        answer = await self._redis.xread({self._stream: self._place.last}, count=BATCH, block=block)
        place = await self._same_server(self._place)
        entries: list[tuple[bytes, dict[bytes, bytes]]] = answer[0][1] if answer else []
        if len(entries) == BATCH:
            await self._check_trimmed(place)
        self._place = replace(place, last=entries[-1][0], count=place.count + len(entries)) if entries else place
        self._decode_all(entries)

    async def _same_server(self, place: Place) -> Place:
        """``place`` with what is known of the server now. One that was started anew may have lost messages."""
        made = self._connections.made
        if made == place.connections:
            return place
        server = await self._server()
        if server != place.server:
            self._missed = Lagged("Redis was started anew")
        return replace(place, server=server, connections=made)

    async def _check_trimmed(self, place: Place) -> None:
        """A reader so far behind that entries were trimmed before it came always finds a full batch."""
        added, length, _ = await self._measures()
        if added - length > place.count:
            raise Lagged(f"the reader of {self._stream} was more than {length} messages behind")

    def _decode_all(self, entries: list[tuple[bytes, dict[bytes, bytes]]]) -> None:
        for _, fields in entries:
            try:
                self._ready.append(self._decode(fields.get(FIELD, b"")))
            except Undecodable as wrong:
                log.error(
                    "a message on the bus is none of ours and is passed over", stream=self._stream, wrong=str(wrong)
                )

    async def _end_of_stream(self) -> Place:
        made, server = self._connections.made, await self._server()
        added, _, last = await self._measures()
        return Place(last, added, server, made)

    async def _server(self) -> str:
        """The id that Redis gives itself at each start."""
        return str((await self._redis.info("server"))["run_id"])

    async def _measures(self) -> tuple[int, int, bytes]:
        """Entries ever added, entries still there, last id."""
        if not await self._redis.exists(self._stream):
            return 0, 0, b"0-0"
        info: dict[str, Any] = await self._redis.xinfo_stream(self._stream)
        if "entries-added" not in info:
            raise BusError("Redis 7.0 or later is needed")
        return info["entries-added"], info["length"], info["last-generated-id"]
