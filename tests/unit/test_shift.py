"""How operators' states change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialplan.acd import shift
from kernel.operator import BUSY, OperatorState, OperatorStatus

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
LATER = NOON + timedelta(minutes=1)


def at(state: OperatorState, **more: str) -> OperatorStatus:
    return OperatorStatus("sato", state, NOON, **more)  # type: ignore[arg-type]


def test_a_pause_pressed_in_wrap_up_holds_when_the_wrap_up_is_over():
    status = shift.wish(at(OperatorState.WRAP_UP, call="c-1"), OperatorState.PAUSED, "休憩", LATER)
    assert status.state is OperatorState.WRAP_UP
    over = shift.free(status, LATER)
    assert (over.state, over.reason, over.call) == (OperatorState.PAUSED, "休憩", None)


def test_a_pause_pressed_while_the_phone_rings_holds_after_the_talk():
    status = shift.wish(at(OperatorState.RINGING, call="c-1"), OperatorState.PAUSED, "研修", LATER)
    status = shift.wraps_up(shift.talks(status, "c-1", LATER), "c-1", LATER)
    assert shift.free(status, LATER).reason == "研修"


def test_a_pause_can_be_taken_back_during_the_call():
    status = shift.wish(at(OperatorState.TALKING, call="c-1"), OperatorState.PAUSED, "休憩", LATER)
    status = shift.wish(status, OperatorState.READY, None, LATER)
    assert shift.free(status, LATER).state is OperatorState.READY


def test_asking_twice_for_the_same_pause_does_not_restart_its_time():
    status = at(OperatorState.PAUSED, reason="休憩")
    with pytest.raises(shift.NotPossible, match="already_done"):
        shift.wish(status, OperatorState.PAUSED, "休憩", LATER)


def test_nobody_becomes_ready_without_having_logged_in():
    with pytest.raises(shift.NotPossible, match="wrong_state"):
        shift.wish(shift.logged_out("sato", NOON), OperatorState.READY, None, LATER)


def test_a_second_window_that_logs_in_changes_nothing():
    status = at(OperatorState.TALKING, call="c-1")
    assert shift.log_in(status, LATER) is status


@given(st.sampled_from(list(OperatorState)), st.sampled_from([None, OperatorState.PAUSED, OperatorState.LOGGED_OUT]))
def test_after_a_call_nobody_is_left_busy_and_pausing_wins(state, then):
    status = at(state, call="c-1") if state in BUSY else at(state)
    if then and state in BUSY:
        status = shift.wish(status, then, "休憩", LATER)
    over = shift.free(status, LATER)
    assert over.state not in BUSY
    if then and state in BUSY:
        assert over.state is then
