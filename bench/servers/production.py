"""Store and bus as in production, for a benchmark."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from bench.servers.postgres import running_postgres
from bench.servers.redis import running_redis


@asynccontextmanager
async def production(folder: Path) -> AsyncGenerator[Mapping[str, object]]:
    """A PostgreSQL and a Redis that keep what they were told through a power cut; the settings that lead to them."""
    with running_postgres(options="") as postgres:
        async with running_redis(folder) as redis:
            url = folder / "redis_url"
            url.touch(mode=0o600)
            url.write_text(redis.url, encoding="utf-8")
            yield {"database_url": postgres.url(postgres.create()), "redis_url_file": url}
