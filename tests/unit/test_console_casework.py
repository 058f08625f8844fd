"""What the desk tells of a call's past, and which cases who may close."""

from datetime import UTC, datetime, timedelta

import pytest

from agent_console.cases.filters import wanted_of
from agent_console.desk.background import background
from agent_console.desk.choices import Choices, choices_of
from agent_console.journey.wording import Names
from crm.postal_codes import spell_postal_code
from ivr.seed_file import load
from kernel.case import Case, CaseStatus, Citizen
from kernel.casework import Department
from kernel.events import Event, EventKind
from kernel.settings import Settings

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
CENTRE = load(Settings().seed_file)
CASE = Case("case-1", 1, NOON, CaseStatus.OPEN, Citizen(), 1, department="kanko")


def event(kind: EventKind, second: int, operator: str | None = None, **data) -> Event:
    return Event(kind, NOON + timedelta(seconds=second), "c1", operator, "enquiries", data)


def test_a_first_offer_has_a_reason_and_no_past():
    told = background([event(EventKind.CALL_OFFERED, 1, "sato", because="最も長く待機")], "sato", Names(CENTRE))
    assert (told.why, told.before) == ("最も長く待機", ())


def test_what_came_before_the_last_offer_is_told_and_what_came_after_is_not():
    events = [
        event(EventKind.CALL_OFFERED, 1, "sato", because="一度目"),
        event(EventKind.OFFER_NOT_ANSWERED, 2, "sato", reason="no_answer"),
        event(EventKind.CALL_OFFERED, 3, "suzuki", because="ほかの人"),
        event(EventKind.CALL_ANSWERED, 4, "suzuki"),
        event(EventKind.HAND_OVER_FAILED, 5, extension="2110", reason="busy"),
        event(EventKind.CALL_OFFERED, 6, "sato", because="二度目"),
        event(EventKind.CALL_ANSWERED, 7, "sato"),
    ]
    told = background(events, "sato", Names(CENTRE))
    assert told.why == "二度目"
    assert [one.at.second for one in told.before] == [2, 4, 5]
    assert told.before[2].text == "内線2110に転送できませんでした"


def test_an_operator_whom_it_was_not_offered_to_sees_all_of_its_past():
    told = background([event(EventKind.CALL_TAKEN_OVER, 1, "sato", by="kanri")], "kanri", Names(CENTRE))
    assert (told.why, len(told.before)) == ("", 1)


def test_the_departments_of_the_seed_are_grouped_and_those_that_are_gone_keep_their_id():
    choices = choices_of(CENTRE)
    assert choices.department("kanko") == "観光課"
    assert choices.department("gone") == "gone"
    assert sum(len(own) for _, own in choices.divisions) == len(CENTRE.departments)
    assert choices.person("") == "所管課"
    assert choices.person("sato") == "佐藤"


def test_what_a_case_has_may_stay_though_it_is_no_longer_offered():
    choices = Choices((Department(id="koen", name="公園課"),))
    values = {"department": "kanko", "category": "税"}
    assert set(choices.problems(values, [CASE])) == {"category"}
    assert set(choices.problems(values, [])) == {"department", "category"}


def test_due_means_until_the_end_of_japans_today_and_an_empty_filter_asks_for_all():
    late = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
    assert str(wanted_of({"due": "1"}, "sato", late).cases.due_until) == "2026-11-25"
    empty = wanted_of({"status": "", "before": "7"}, "sato", late)
    assert empty.values == {}
    assert empty.older(7) == "/cases?before=7"


@pytest.mark.parametrize("text", ["251-0054", "２５１ー００５４", "〒251 0054", "2510054"])
def test_a_postal_code_has_one_spelling(text):
    assert spell_postal_code(text) == "2510054"


@pytest.mark.parametrize("text", ["", "251-005", "25100541", "二五一", "abc-defg"])
def test_what_is_no_postal_code_has_none(text):
    assert spell_postal_code(text) is None
