"""Who wins when a history is saved, decided on values alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crm.history_save import (
    CaseChanged,
    HistoryChanged,
    NoSuchHistory,
    StoredCase,
    new_case,
    next_case,
    next_history,
    repeats,
)
from kernel.case import CaseStatus, Citizen, HistoryDraft

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
LATER = NOON + timedelta(minutes=5)
DRAFT = HistoryDraft("c1", "sato", Citizen(name="藤沢太郎"), "ごみ", "粗大ごみの出し方", "answered", close_case=True)
CASE = new_case(DRAFT, "case1", 1, NOON)
HISTORY = next_history(DRAFT, None, CASE, "h1", NOON)


def test_the_first_save_opens_a_case_that_is_closed_when_the_operator_says_so():
    assert CASE.status is CaseStatus.CLOSED
    assert (CASE.version, HISTORY.version, HISTORY.case) == (1, 1, "case1")


def test_a_double_click_repeats_and_another_wording_does_not():
    assert repeats(DRAFT, CASE, HISTORY)
    assert not repeats(replace(DRAFT, text="別の内容"), CASE, HISTORY)
    assert not repeats(replace(DRAFT, author="abe"), CASE, HISTORY)
    assert not repeats(replace(DRAFT, citizen=Citizen(name="別人")), CASE, HISTORY)
    assert not repeats(replace(DRAFT, close_case=False), CASE, HISTORY)


def test_the_form_that_showed_the_newest_version_goes_on_from_it():
    second = next_history(replace(DRAFT, version=1, text="追記"), HISTORY, CASE, "ignored", LATER)
    assert (second.id, second.version, second.written, second.text) == ("h1", 2, LATER, "追記")


def test_the_form_that_showed_none_or_an_older_one_is_told_who_was_faster():
    second = replace(HISTORY, version=2, author="abe", written=LATER)
    for version in (0, 1):
        with pytest.raises(HistoryChanged, match=r"changed by abe at 2026-11-24 03:05:00 UTC") as caught:
            next_history(replace(DRAFT, version=version), second, CASE, "h2", LATER)
        assert caught.value.history == second


def test_a_form_of_a_history_that_is_gone_is_told():
    with pytest.raises(NoSuchHistory):
        next_history(replace(DRAFT, version=1), None, CASE, "h2", LATER)


def test_an_empty_field_wipes_nothing_out_unless_the_form_showed_the_case():
    there = StoredCase(replace(CASE, citizen=Citizen(name="藤沢太郎", email="taro@example.jp")), NOON, "abe")
    filled_in = replace(DRAFT, citizen=Citizen(address="朝日町1-1"))
    assert next_case(filled_in, there).citizen == Citizen(name="藤沢太郎", email="taro@example.jp", address="朝日町1-1")
    assert next_case(replace(filled_in, case_version=1), there).citizen == Citizen(address="朝日町1-1")


def test_a_form_that_showed_an_older_case_is_told_who_changed_it():
    there = StoredCase(replace(CASE, version=3), LATER, "abe")
    with pytest.raises(CaseChanged, match="case 1 was changed by abe") as caught:
        next_case(replace(DRAFT, case_version=2), there)
    assert caught.value.case.version == 3


def test_a_new_contact_opens_a_closed_case_again():
    assert next_case(replace(DRAFT, close_case=False), StoredCase(CASE, NOON, "abe")).status is CaseStatus.OPEN
