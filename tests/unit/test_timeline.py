"""The demonstration's report."""

from __future__ import annotations

import json

from denwa.demo.timeline import Timeline


def test_the_report_is_ok_only_if_every_step_was_seen(tmp_path):
    told: list[str] = []
    timeline = Timeline(told.append)
    assert not timeline.ok
    timeline.seen("greeting", "the citizen hears the welcome")
    assert timeline.ok
    timeline.missed("talk", "nobody answered")
    timeline.report(tmp_path / "demo-report.json")
    report = json.loads((tmp_path / "demo-report.json").read_text())
    assert report["ok"] is False
    assert [(step["name"], step["ok"]) for step in report["steps"]] == [("greeting", True), ("talk", False)]
    assert all(isinstance(step["at_ms"], int) for step in report["steps"])
    assert "greeting" in told[0]
