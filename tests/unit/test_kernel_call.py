from dataclasses import FrozenInstanceError
from datetime import UTC, datetime, timedelta

import pytest

from kernel.call import Call, CallerGone, Outcome, Stage
from kernel.commands import CLICK_LIFETIME, CommandKind, command
from kernel.operator import OperatorState, OperatorStatus
from kernel.phone_number import PhoneNumber
from kernel.recording import recording_name

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
LATER = NOON + timedelta(minutes=3)
CALL = Call("c-1", NOON, "0466251111", PhoneNumber("09012345678"))


def test_a_call_that_is_put_back_keeps_the_time_it_has_waited_and_loses_its_operator():
    talking = CALL.waits_in("enquiries", NOON).talks_with("sato", "leg", NOON)
    back = talking.handed_to("2345", "c-1~city~2345~click", LATER).waits_in("exchange", LATER)
    assert (back.stage, back.queue, back.waiting_since) == (Stage.WAIT, "exchange", NOON)
    assert (back.operator, back.operator_leg, back.extension, back.offer) == (None, None, None, None)


def test_an_offer_that_is_not_answered_leaves_the_call_at_its_place():
    waiting = CALL.waits_in("enquiries", NOON)
    after = waiting.offered_to("sato", "leg", LATER).not_answered()
    assert (after.stage, after.waiting_since, after.offer, after.offers) == (Stage.WAIT, NOON, None, 1)


def test_the_first_outcome_and_the_first_end_stay():
    ended = CALL.is_over(NOON, Outcome.ABANDONED).is_over(LATER, Outcome.FAILED).is_closed(LATER)
    assert (ended.stage, ended.ended, ended.outcome) == (Stage.ENDED, NOON, Outcome.ABANDONED)


def test_a_call_that_was_answered_is_not_abandoned_by_its_end():
    assert CALL.talks_with("sato", "leg", NOON).is_over(LATER, Outcome.ABANDONED).outcome is Outcome.ANSWERED


def test_a_call_that_is_answered_a_second_time_keeps_the_first_answer():
    assert CALL.talks_with("sato", "a", NOON).talks_with("suzuki", "b", LATER).answered == NOON


def test_the_way_through_the_menus_is_remembered():
    assert CALL.at_menu("main").pressed("9").pressed("1").keys == ("9", "1")


def test_a_call_does_not_print_the_callers_number():
    assert "0901234" not in repr(CALL)


def test_a_call_never_changes_in_place():
    with pytest.raises(FrozenInstanceError):
        CALL.stage = Stage.TALK


def test_a_hang_up_says_when_and_nothing_of_who():
    assert str(CallerGone(NOON)) == "caller hung up at 03:00:00"


def test_a_click_is_too_late_after_its_lifetime():
    click = command(CommandKind.READY, "sato", NOON)
    assert not click.expired(NOON + CLICK_LIFETIME - timedelta(milliseconds=1))
    assert click.expired(NOON + CLICK_LIFETIME)
    assert click.id != command(CommandKind.READY, "sato", NOON).id


def test_a_pause_that_is_asked_for_in_wrap_up_holds_through_it_and_ends_with_it():
    wrapping = OperatorStatus("sato", OperatorState.TALKING, NOON).afterwards(OperatorState.PAUSED, "休憩")
    wrapping = wrapping.becomes(OperatorState.WRAP_UP, LATER, call="c-1")
    assert wrapping.then is OperatorState.PAUSED
    assert wrapping.becomes(OperatorState.PAUSED, LATER).then is None


def test_a_recordings_name_tells_nothing_of_its_call_and_is_found_again():
    name = recording_name("1732459000.12", 1)
    assert name == recording_name("1732459000.12", 1) != recording_name("1732459000.12", 2)
    assert "1732459000" not in name
    assert len(name) == 32


def test_a_call_never_ends_before_it_came_waited_or_was_answered_whatever_the_other_clock_says():
    early = NOON - timedelta(seconds=1)
    assert CALL.is_over(early, Outcome.LEFT_MENU).ended == NOON
    assert CALL.waits_in("enquiries", LATER).is_over(NOON, Outcome.ABANDONED).ended == LATER
    over = CALL.talks_with("sato", "leg", LATER).wraps_up(NOON, None)
    assert (over.talk_ended, over.ended) == (LATER, LATER)
