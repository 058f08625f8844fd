"""How long interpreters were on the line, from the stored events (T11)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from agent_console.figures.interpreting import begun_minutes, by_language, interpreting_csv
from crm.figures.interpreting import uses
from kernel.events import Event, EventKind

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)


def event(kind: EventKind, seconds: float, call: str = "c1", **data: str) -> Event:
    return Event(kind, NOON + timedelta(seconds=seconds), call, "sato", "enquiries", data)


def used(language: str, began: float, over: EventKind, ended: float, call: str = "c1") -> list[Event]:
    return [
        event(EventKind.CONSULT_STARTED, began - 9, call, extension="0466000901", language=language),
        event(EventKind.CONSULT_ANSWERED, began, call, language=language),
        event(over, ended, call, language=language),
    ]


@pytest.mark.parametrize("over", [EventKind.CONSULT_ENDED, EventKind.TALK_ENDED, EventKind.CALL_FAILED])
def test_an_interpreter_is_paid_from_the_answer_to_whatever_ends_it_first(over):
    events = [*used("en", 10, over, 100), event(EventKind.TALK_ENDED, 400), event(EventKind.CALL_ENDED, 401)]
    (one,) = uses(events)
    assert (one.language, one.number, one.operator) == ("en", "0466000901", "sato")
    assert one.lasted(NOON) == timedelta(seconds=90)


def test_one_who_was_rung_and_did_not_answer_and_a_department_that_was_asked_cost_nothing():
    asked = [event(EventKind.CONSULT_STARTED, 0, extension="2301"), event(EventKind.CONSULT_ANSWERED, 5)]
    in_vain = [event(EventKind.CONSULT_STARTED, 9, extension="0466000901", language="en")]
    assert uses([*asked, *in_vain, event(EventKind.CONSULT_ENDED, 30, language="en")]) == []


def test_two_talks_of_one_call_and_one_that_lasts_still_are_counted_each():
    twice = [*used("en", 0, EventKind.CONSULT_ENDED, 61), *used("zh", 100, EventKind.CONSULT_ENDED, 160)]
    last = used("en", 200, EventKind.CONSULT_ENDED, 999, "c2")[:2]
    found = uses([*twice, *last])
    sums = by_language(found, NOON + timedelta(seconds=230))
    assert [(one.label, one.times, one.minutes) for one in sums] == [("英語", 2, 3), ("中国語", 1, 1)]
    assert sums[0].lasted == timedelta(seconds=91)


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 0), (1, 1), (60, 1), (60.4, 2), (3600, 60)])
def test_each_minute_that_has_begun_counts(seconds, minutes):
    assert begun_minutes(timedelta(seconds=seconds)) == minutes


def test_the_invoice_is_checked_against_a_line_for_each_use_with_japans_time():
    text = interpreting_csv(uses(used("pt", 10, EventKind.CONSULT_ENDED, 100)), {"sato": "=佐藤"}, NOON)
    line = text.splitlines()[1]
    assert line == "2026-11-24 12:00:10,ポルトガル語,'0466000901,90,2,'=佐藤"
