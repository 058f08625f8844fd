"""When callers were turned away, as supervisors see it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from agent_console.live.congestion import Congestion, Episode
from agent_console.words import STRAINS
from dialplan.admission.door import ARRIVALS, CALLS
from dialplan.admission.strain import Load, pressures
from kernel.admission import Level, Limits
from kernel.events import Event, EventKind

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
TODAY = date(2026, 11, 24)


def changed(minute: int, level: Level, why: str = "") -> Event:
    data = {"level": level.value, "why": why}
    return Event(EventKind.ADMISSION_CHANGED, NOON + timedelta(minutes=minute), data=data)


def told(*events: Event) -> Congestion:
    congestion = Congestion()
    for event in events:
        congestion.apply(event)
    return congestion


def test_what_lasts_has_its_beginning_its_first_reason_and_its_worst():
    seen = told(changed(0, Level.GUIDANCE, "calls"), changed(1, Level.BUSY, "arrivals"), changed(2, Level.GUIDANCE))
    assert seen.now == Episode(NOON, Level.BUSY, "calls")
    assert seen.over(TODAY) == ()


def test_what_is_over_is_listed_the_newest_first():
    seen = told(
        changed(0, Level.GUIDANCE, "calls"),
        changed(1, Level.OPEN),
        changed(2, Level.BUSY, "events"),
        changed(3, Level.OPEN),
    )
    assert seen.now is None
    assert [(one.why, one.ends) for one in seen.over(TODAY)] == [
        ("events", NOON + timedelta(minutes=3)),
        ("calls", NOON + timedelta(minutes=1)),
    ]


@pytest.mark.parametrize("kind", [EventKind.CONTROLLER_STARTED, EventKind.CONTROLLER_STOPPED])
def test_an_alarm_does_not_outlive_the_controller_that_raised_it(kind: EventKind):
    assert told(changed(0, Level.GUIDANCE, "calls"), Event(kind, NOON + timedelta(minutes=1))).now is None


def test_callers_who_are_turned_away_are_counted_by_japans_day():
    midnight = datetime(2026, 11, 24, 15, tzinfo=UTC)
    seen = told(
        Event(EventKind.CALL_TURNED_AWAY, midnight - timedelta(seconds=1), "c1"),
        Event(EventKind.CALL_TURNED_AWAY, midnight, "c2"),
    )
    assert (seen.turned_away(TODAY), seen.turned_away(TODAY + timedelta(days=1))) == (1, 1)
    seen.forget(TODAY + timedelta(days=1))
    assert (seen.turned_away(TODAY), seen.turned_away(TODAY + timedelta(days=1))) == (0, 1)


def test_every_reason_has_japanese_words():
    assert set(STRAINS) == {ARRIVALS, CALLS, *pressures(Load(), Limits())}
