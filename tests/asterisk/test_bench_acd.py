"""The contest with app_queue runs whole, in short."""

from __future__ import annotations

import asyncio
import json
import sys

import pytest

RATIOS = {
    "idle_offer_p50_ratio",
    "idle_offer_p99_ratio",
    "next_offer_p50_ratio",
    "next_offer_p99_ratio",
    "caller_wait_p50_ratio",
    "max_clean_cps_ratio",
    "asterisk_cpu_ratio",
    "controller_ms_per_call",
    "rss_mb",
}


@pytest.mark.timeout(300)
async def test_the_contest_with_app_queue_measures_all_of_both_and_no_call_goes_wrong():
    run = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.acd", "--calls", "20", "--rounds", "1"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, told = await run.communicate()
    assert run.returncode == 0, told.decode()
    result = json.loads(said)
    assert result.keys() >= RATIOS
    assert all(result[name] > 0 for name in RATIOS)
    assert {result[side]["rounds_not_clean"] for side in ("app_queue", "denwa")} == {0}
    assert result["next_offer_p50_ratio"] < 1
