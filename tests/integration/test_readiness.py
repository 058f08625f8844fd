"""What /readyz says of a running process when a part that it needs is gone and comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from bench.servers.redis import running_redis
from denwa.parts import open_parts
from denwa.prepare import prepare_store
from denwa.serve import run_parts
from kernel.settings import Settings, Web
from tests.support.environment import free_port

PATIENCE_SECONDS = 30.0


@asynccontextmanager
async def console(settings: Settings) -> AsyncIterator[None]:
    async with open_parts(settings) as parts:
        running = asyncio.create_task(run_parts(parts, controller=False, console=True))
        try:
            yield
        finally:
            running.cancel()
            await asyncio.wait({running})


async def until_it_says(port: int, status: int) -> dict[str, str | None]:
    """The parts, once /readyz answers ``status``."""
    async with asyncio.timeout(PATIENCE_SECONDS), aiohttp.ClientSession() as http:
        while True:
            try:
                async with http.get(f"http://127.0.0.1:{port}/readyz") as answer:
                    if answer.status == status:
                        return (await answer.json())["parts"]
            except aiohttp.ClientConnectionError:
                pass
            await asyncio.sleep(0.02)


async def test_a_bus_that_is_gone_makes_the_process_unready_and_is_named_until_it_is_back(tmp_path: Path):
    async with running_redis(tmp_path) as redis:
        address = tmp_path / "redis_url"
        address.write_text(redis.url)
        settings = Settings(
            _env_file=None,
            var_dir=tmp_path / "var",
            redis_url_file=address,
            metrics_port=free_port(),
            web=Web(port=free_port()),
        )
        await prepare_store(settings, lambda _: None)
        async with console(settings):
            assert await until_it_says(settings.metrics_port, 200) == {"store": None, "bus": None, "console": None}
            await redis.kill()
            parts = await until_it_says(settings.metrics_port, 503)
            assert "the bus can't be" in (parts["bus"] or "")
            assert parts["store"] is None
            await redis.start()
            await until_it_says(settings.metrics_port, 200)
