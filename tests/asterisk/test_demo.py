"""``python -m denwa demo``, as its user runs it."""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path

import pytest

from denwa.demo.scenario import STEPS
from kernel.settings import Settings
from tests.support.demonstration import demo_settings, demonstration

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return demo_settings(tmp_path)


async def test_the_whole_call_is_seen_told_and_reported_and_nothing_is_left_running(settings: Settings):
    async with demonstration(settings, DEMO_CALLER="090-1234-5678") as run:
        assert await run.ends() == 0, run.terminal
        report = run.report
        assert set(report) == {"ok", "steps"}
        assert report["ok"] is True
        assert [step["name"] for step in report["steps"]] == list(STEPS)
        assert all(set(step) == {"name", "ok", "at_ms", "detail"} for step in report["steps"])
        times = [step["at_ms"] for step in report["steps"]]
        assert times == sorted(times)
        assert not await run.complaints()
        assert not run.asterisks()
        everything = run.terminal + run.log + str(report)
        assert "090-****-5678" in run.terminal
        assert "12345678" not in everything
        assert "1234-5678" not in everything
        assert all(line.startswith("{") for line in run.log.splitlines())
        assert not any(line.startswith("{") for line in run.terminal.splitlines())
        assert not list(settings.recordings_dir.glob("[!.]*"))


async def test_a_step_that_fails_is_named_and_the_exit_status_says_so(settings: Settings):
    """The centre's Asterisk dies while the caller waits."""
    async with demonstration(settings) as run:
        await run.tells("place told")
        os.kill(run.asterisks()["centre"], signal.SIGKILL)
        assert await run.ends() == 1
        assert run.report["ok"] is False
        missed = [step for step in run.report["steps"] if not step["ok"]]
        assert missed[0]["name"] == "music heard"
        assert missed[0]["detail"] != "not reached"
        assert [step["name"] for step in run.report["steps"]] == list(STEPS)
        assert "✗" in run.terminal
        assert "NOT every step was seen" in run.terminal
        assert "Traceback" not in run.terminal + await run.complaints()
        assert not run.asterisks()


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
async def test_who_stops_it_in_the_middle_of_a_call_leaves_no_process_behind(settings: Settings, stop: signal.Signals):
    async with demonstration(settings, DEMO_CALLER="") as run:
        await run.tells("call taken")
        assert set(run.asterisks()) == {"centre", "outside"}
        assert "(number withheld)" in run.terminal
        run.process.send_signal(stop)
        assert await run.ends() == 130
        assert not run.asterisks()
        assert "stopped" in run.terminal
        assert not await run.complaints()
        for complaint in ("was never retrieved", "was destroyed", "Traceback"):
            assert complaint not in run.log


@pytest.mark.parametrize("caller", ["gibberish", "090-1234-567x"])
async def test_a_caller_that_is_no_number_is_refused_before_anything_is_set_up(settings: Settings, caller: str):
    async with demonstration(settings, DEMO_CALLER=caller) as run:
        assert await run.ends() == 1
        complaint = await run.complaints()
        assert "DEMO_CALLER" in complaint
        assert "leave it empty to withhold it" in complaint
        assert caller not in complaint
        assert complaint.count("\n") == 1
        assert not settings.secrets.exists()
        assert not run.terminal


async def test_an_address_that_another_program_holds_is_named_with_what_sets_it(settings: Settings):
    with socket.create_server((settings.ari.host, settings.ari.port)):
        async with demonstration(settings) as run:
            assert await run.ends() == 1
            complaint = await run.complaints()
    assert f"{settings.ari.host}:8088 (DENWA_ARI__PORT)" in complaint
    assert complaint.count("\n") == 1
