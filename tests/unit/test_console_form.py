from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_console.desk.form import blank, draft, filled_in
from kernel.call import Call
from kernel.case import Case, CaseStatus, Citizen, History
from kernel.phone_number import PhoneNumber

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
NUMBER = PhoneNumber("0466998877")
CALL = Call("centre-1.1", NOON, "0466251111", caller=NUMBER)
CASE = Case("case-1", 12, NOON, CaseStatus.OPEN, Citizen(name="山田花子", phone=NUMBER), version=4)
HISTORY = History("h1", "case-1", CALL.id, "sato", NOON, "ごみ", "収集日の確認", "回答済み", version=2)


def typed(**fields: str):
    return filled_in(blank(CALL, [CASE], None, None), {"subject": "ごみ", **fields})


def test_a_new_form_knows_the_callers_number_and_nothing_else():
    form = blank(CALL, [], None, None)
    assert form.values == {"phone": "0466998877"}
    assert (form.version, form.case_version) == (0, 0)


def test_a_withheld_number_leaves_the_field_empty():
    assert blank(Call("c", NOON, "0466251111"), [], None, None).values == {"phone": ""}


def test_a_form_that_was_saved_opens_with_what_was_saved_and_its_versions():
    form = blank(CALL, [], HISTORY, CASE)
    assert (form.values["name"], form.values["text"], form.values["case"]) == ("山田花子", "収集日の確認", "case-1")
    assert (form.version, form.case_version) == (2, 4)
    assert form.cases == (CASE,)


def test_what_was_typed_becomes_the_draft():
    form = typed(
        name=" 山田 ", phone="0466-99-8877", text="一\r\n二\x00", version="2", case_version="4", close_case="1"
    )
    saved = draft(form, "sato")
    assert form.problems == {}
    assert saved.citizen == Citizen(name="山田", phone=NUMBER)
    assert (saved.text, saved.version, saved.case_version, saved.close_case) == ("一\n二", 2, 4, True)
    assert (saved.call, saved.author, saved.case) == (CALL.id, "sato", None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subject", "  "),
        ("phone", "abc"),
        ("text", "あ" * 10_001),
        ("case", "case-of-somebody-else"),
        ("name", "あ" * 101),
    ],
)
def test_what_is_wrong_is_said_at_its_field(field, value):
    assert set(typed(**{field: value}).problems) == {field}


@given(st.dictionaries(st.sampled_from(["name", "text", "phone", "version", "case_version", "subject"]), st.text()))
def test_whatever_is_posted_is_either_a_problem_or_can_be_saved(posted):
    form = filled_in(blank(CALL, [], None, None), posted)
    if not form.problems:
        saved = draft(form, "sato")
        assert saved.subject
        assert "\0" not in saved.text + saved.subject + saved.citizen.name
