"""A stall of the event loop is loud."""

from __future__ import annotations

import asyncio
import time

from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from dialplan.ari.stall import LOOK_SECONDS, watch_for_stalls


def stalls() -> float:
    return REGISTRY.get_sample_value("denwa_event_loop_stalls_total") or 0


async def stand_still(allowed: float) -> list[dict[str, object]]:
    with capture_logs() as logs:
        watching = asyncio.create_task(watch_for_stalls(allowed))
        await asyncio.sleep(0)
        time.sleep(0.3)  # noqa: ASYNC251 - this is the stall
        await asyncio.sleep(2 * LOOK_SECONDS)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    return list(logs)


async def test_a_loop_that_stands_still_is_told_and_counted():
    before = stalls()
    logs = await stand_still(allowed=0.1)
    assert logs[0]["log_level"] == "warning"
    assert logs[0]["milliseconds"] >= 200
    assert stalls() >= before + 1


async def test_a_loop_that_stands_still_for_less_than_is_allowed_is_not_told():
    before = stalls()
    assert await stand_still(allowed=3600) == []
    assert stalls() == before
