"""The console's benchmark, small: it runs through, and says what its README row needs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SMALL = {"cases": 200, "histories": 600, "calls": 1, "loads": 12, "searches": 4, "walls": 4, "pushes": 2}
MEASURED = {
    *(f"page_p{share}_ms" for share in (50, 90, 99)),
    *(f"search_p{share}_ms" for share in (50, 90, 99)),
    *(f"{what}_p{share}_ms" for what in ("pop", "push") for share in (50, 99)),
    *("operator_bytes", "wall_bytes", "index_seconds"),
}


@pytest.mark.timeout(600)
def test_a_small_run_measures_everything_and_stays_below_the_bytes_that_a_page_may_cost():
    options = [word for name, count in SMALL.items() for word in (f"--{name}", str(count))]
    command = [sys.executable, "-m", "bench.console", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    result = json.loads(done.stdout.splitlines()[-1])
    assert {name for name in MEASURED if result[name] > 0} == MEASURED
    assert (result["cases"], result["histories"], result["walls"]) == (200, 600, 4)
    assert result["operator_bytes"] < 300_000
    assert result["wall_bytes"] < 150_000
