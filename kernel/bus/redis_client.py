"""The connection to Redis: TLS 1.2 or later to any other host (Q1), and errors that show no password."""

from __future__ import annotations

import asyncio
import ssl
from typing import Any
from urllib.parse import parse_qs, urlsplit

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from kernel.bus.errors import BadBusAddress

log = structlog.get_logger(__name__)

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
OPTIONS = frozenset({"ssl_ca_certs", "ssl_certfile", "ssl_keyfile"})
FORM = "rediss://:PASSWORD@HOST:6379/0?ssl_ca_certs=/path/to/ca.crt (redis:// only on this machine)"

BLOCK_SECONDS = 2.0
"""A read that finds nothing returns after so long, which shows that Redis lives."""

ANSWER_SECONDS = 5.0
"""Redis counts as gone when it is silent for so long."""

FIRST_PAUSE_SECONDS = 0.1
LAST_PAUSE_SECONDS = 2.0


class Connections:
    """Counts the connections that a client has made; redis-py makes a new one in silence."""

    def __init__(self) -> None:
        self.made = 0

    async def begin(self, connection: Any) -> None:
        """Log in on a new connection."""
        await connection.on_connect()
        self.made += 1


def open_redis(url: str, connections: Connections, *, retries: int) -> Redis:
    """A client for ``url``; connects on its first use. Raises BadBusAddress.

    Each use belongs into ``answer_in_time()``. redis-py's own socket_timeout stays unset: with it, sending goes through
    asyncio.wait_for, which in Python 3.11 swallows a cancellation that comes in the moment of success.
    """
    minimum: dict[str, Any] = {"ssl_min_version": ssl.TLSVersion.TLSv1_2} if _is_secure(url) else {}
    return Redis.from_url(  # pyright: ignore[reportUnknownMemberType]
        url,
        protocol=2,
        socket_timeout=None,
        socket_connect_timeout=ANSWER_SECONDS,
        retry=Retry(NoBackoff(), retries),
        client_name="denwa",
        driver_info=None,
        redis_connect_func=connections.begin,
        **minimum,
    )


def answer_in_time() -> asyncio.Timeout:
    """Raises TimeoutError, an OSError, in a block that Redis leaves without an answer."""
    return asyncio.timeout(ANSWER_SECONDS)


def _is_secure(url: str) -> bool:
    """Whether ``url`` asks for TLS; refuses what would send a password in clear or trust anybody."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise BadBusAddress(f"the address of Redis can't be read: write {FORM}") from None
    if strange := parse_qs(parts.query).keys() - OPTIONS:
        raise BadBusAddress(f"the address of Redis has an option that is not known: {sorted(strange)}; write {FORM}")
    match parts.scheme:
        case "rediss" if host:
            return True
        case "redis" if host in LOOPBACK:
            return False
        case "unix" if parts.path:
            return False
        case _:
            raise BadBusAddress(f"the address of Redis does not fit: write {FORM}")


class Outage:
    """Whether Redis does what it is asked; the log is told at each change only. ``what`` says what fails."""

    def __init__(self, what: str) -> None:
        self.reason: str | None = None
        self._what = what
        self._pause = FIRST_PAUSE_SECONDS

    def failed(self, error: Exception) -> None:
        """Redis did not answer, or refused."""
        if self.reason is None:
            log.error(f"{self._what}; trying again until it can", error=_told(error))
        self.reason = f"{self._what}: {_told(error)}"

    def worked(self) -> None:
        """Redis answered."""
        if self.reason is not None:
            log.warning(f"{self._what}: this is over")
        self.reason = None
        self._pause = FIRST_PAUSE_SECONDS

    async def pause(self) -> None:
        """Wait before the next try, longer each time."""
        pause, self._pause = self._pause, min(2 * self._pause, LAST_PAUSE_SECONDS)
        await asyncio.sleep(pause)


def _told(error: Exception) -> str:
    """What ``error`` and its cause say: redis-py names host and port, never the password."""
    cause = error.__cause__ or error.__context__
    texts = (f"{type(one).__name__}: {str(one).partition(chr(10))[0]}" for one in (error, cause) if one is not None)
    return "; ".join(texts)
