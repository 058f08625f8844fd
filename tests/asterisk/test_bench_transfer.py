"""The benchmarks of transfers and of talks of three run whole, in short."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import pytest


async def result_of(*command: str) -> dict[str, Any]:
    run = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *command), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    said, told = await run.communicate()
    assert run.returncode == 0, told.decode()
    return json.loads(said)


@pytest.mark.timeout(300)
async def test_transfers_are_measured_on_both_sides_and_none_goes_wrong():
    result = await result_of("bench.transfer", "--transfers", "1", "--most", "2")
    figures = ("ring_p50_ms", "ring_p99_ms", "ring_p50_ratio", "consult_ring_p50_ratio", "transfers_per_second")
    assert all(result[name] > 0 for name in figures)
    assert result["audio_gap_ms"] >= 0
    for side in ("denwa", "asterisk"):
        assert result[side]["attended"].keys() == {"ring_ms", "gap_at_caller_ms", "gap_at_department_ms"}
        assert result[side]["transfers_per_second"] == 2


@pytest.mark.timeout(300)
async def test_talks_of_three_are_held_and_every_leg_hears_both_others():
    result = await result_of("bench.interpreting", "--talks", "2", "--minutes", "0.1")
    assert (result["talks"], result["legs_lost"]) == (2, 0)
    assert result["looks"] == 6
    assert result["cpu"].keys() == {"asterisk", "platform", "telephones"}
