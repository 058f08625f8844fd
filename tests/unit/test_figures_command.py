"""Figures and plans at the terminal."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta

import pytest

from denwa import figures
from denwa.parts import open_parts, utc_now
from denwa.prepare import prepare_store
from denwa.staffing import command as staffing
from kernel.call import Call
from kernel.events import Event, EventKind
from kernel.operator import OperatorState, OperatorStatus
from kernel.settings import Settings

NOON = datetime(2026, 3, 10, 3, tzinfo=UTC)


def parsed(part, *words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    part.add_arguments(parser)
    return parser.parse_args(words)


@pytest.fixture
async def settings(tmp_path) -> Settings:
    """A store in which one call was answered on a Tuesday, after six seconds, and wrapped up."""
    settings = Settings(var_dir=tmp_path, secrets_dir=tmp_path / "secrets", database_url=None)
    await prepare_store(settings, lambda _line: None)
    async with open_parts(settings) as parts:
        journal = parts.store.journal
        journal.write(Call("c1", NOON, "0466251111"), Event(EventKind.CALL_QUEUED, NOON, "c1", queue="enquiries"))
        answered = NOON + timedelta(seconds=6)
        journal.write(Event(EventKind.CALL_ANSWERED, answered, "c1", "sato", "enquiries"))
        states = (OperatorState.TALKING, OperatorState.WRAP_UP, OperatorState.LOGGED_OUT)
        for place, state in enumerate(states):
            at, call = answered + timedelta(seconds=60 * place), "c1" if place < 2 else None
            changed = Event(EventKind.OPERATOR_CHANGED, at, call, "sato", data={"state": state.value})
            journal.write(OperatorStatus("sato", state, at, call=call), changed)
    return settings


async def printed(part, settings: Settings, *words: str) -> str:
    lines: list[str] = []
    run = figures.figures if part is figures else staffing.staffing
    assert await run(settings, parsed(part, *words), lines.append) == 0
    return "\n".join(lines)


async def test_a_day_is_printed_by_queue_and_operator(settings):
    text = await printed(figures, settings, "--day", "2026-03-10")
    assert "[お問い合わせ] offered 1, answered 1 (100.0%)" in text
    assert "speed of answer 0:06" in text
    assert "[佐藤] answered 1, not answered 0, transfers 0; shift 2:00" in text
    assert "occupancy 100.0%" in text


async def test_a_month_is_printed_or_written_for_a_spreadsheet(settings):
    assert "[total] offered 1" in await printed(figures, settings, "--month", "2026-03")
    table = await printed(figures, settings, "--month", "2026-03", "--csv", "operators")
    assert table.splitlines()[1].startswith("03/10(火),佐藤,1,0,0,0,0,60,0,60")


async def test_today_is_shown_where_no_day_is_named(settings):
    assert (await printed(figures, settings)).startswith("day 20")
    assert utc_now().tzinfo is UTC


async def test_a_plan_is_made_from_a_days_history(settings):
    text = await printed(staffing, settings, "--day", "2026-03-10")
    assert "1.0 calls a quarter of an hour, handling 120 s, nobody gives up (Erlang C)" in text
    assert "at work at once: 1" in text
    assert text.splitlines()[-1].split()[1:] == ["1", "1"]
    with pytest.raises(staffing.NoHistory, match="no call was answered on 2026-03-11"):
        await printed(staffing, settings, "--day", "2026-03-11")


async def test_a_plan_is_made_from_typed_figures_without_any_store(tmp_path):
    nowhere = Settings(var_dir=tmp_path / "none")
    words = ("--calls", "50", "--handling", "180", "--target", "20")
    text = await printed(staffing, nowhere, *words, "--seats", "12")
    assert "at work at once: 14" in text
    assert "12 seats do not reach the goal" in text
    assert "14 seats reach the goal, and do so" in await printed(staffing, nowhere, *words, "--seats", "14")
    assert "4 seats" in await printed(staffing, nowhere, "--city")
    assert "what happens with 50 s" in await printed(staffing, nowhere, "--city", "--handling", "50")
    assert "grows" in await printed(staffing, nowhere, *words)
    with pytest.raises(ValueError, match="needs --handling"):
        await printed(staffing, nowhere, "--calls", "50")


async def test_a_plan_can_be_tried_on_the_platforms_own_distribution(tmp_path, monkeypatch):
    monkeypatch.setattr(staffing, "SIMULATED_CALLS", 200)
    words = ("--calls", "10", "--handling", "180", "--patience", "60", "--simulate")
    text = await printed(staffing, Settings(var_dir=tmp_path / "none"), *words)
    assert "simulated with this platform's distribution and 4 operators" in text
    assert "±" in text.split("  must wait  ")[-1].splitlines()[0]


@pytest.mark.parametrize(
    "words", [("--calls", "-1"), ("--calls", "x"), ("--city", "--goal", "100"), ("--city", "--goal", "0.8"), ()]
)
def test_wrong_words_are_told_by_name(words, capsys):
    with pytest.raises(SystemExit):
        parsed(staffing, *words)
    assert "error:" in capsys.readouterr().err
