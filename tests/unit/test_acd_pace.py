"""The expected wait: what is told, and how true it is in a simulated queue."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bench.estimate import figures, simulate
from dialplan.acd.pace import ENOUGH, MOST_PLACES, Pace, minutes_to_tell
from tests.unit.test_acd import NOON, later

MINUTE = timedelta(minutes=1)


def steady(count: int, every: float = 60, on_duty: int = 2) -> Pace:
    """So many callers, one taken every so many seconds, with somebody waiting all the time."""
    pace = Pace()
    for number in range(count):
        pace.taken("enquiries", NOON - MINUTE, on_duty, later(number * every))
    return pace


def mean(pace: Pace, position: int, on_duty: int, now: datetime) -> timedelta:
    expected = pace.expected("enquiries", position, on_duty, now)
    assert expected is not None
    return expected.mean


def test_the_wait_grows_with_the_place_and_shrinks_with_operators():
    pace, now = steady(30), later(30 * 60)
    one = mean(pace, 1, 2, now)
    assert mean(pace, 5, 2, now) == 5 * one
    assert mean(pace, 5, 4, now) == 5 * one / 2
    assert timedelta(seconds=55) < one <= MINUTE


def test_what_is_told_lies_above_the_mean_and_comes_nearer_to_it_the_more_gaps_there_are():
    pace, now = steady(30), later(30 * 60)
    above: list[float] = []
    for place in (1, 4, 16):
        expected = pace.expected("enquiries", place, 2, now)
        assert expected
        above.append(expected.sure / expected.mean)
    assert above == sorted(above, reverse=True)
    assert 1.05 < above[-1] < above[0] < 2


def test_callers_who_give_up_make_the_wait_of_those_behind_shorter():
    patient, impatient, now = steady(30), steady(30), later(30 * 60)
    for number in range(20):
        impatient.gave_up("enquiries", later(number * 60), later(number * 60 + 120))
    assert mean(impatient, 1, 2, now) == mean(patient, 1, 2, now)
    assert mean(impatient, 10, 2, now) < 0.9 * mean(patient, 10, 2, now)
    impatient.gave_up("exchange", NOON, later(1))
    assert impatient.expected("exchange", 1, 2, later(1)) is None


def test_a_queue_of_endless_length_is_reckoned_in_bounded_time():
    pace, now = steady(30), later(30 * 60)
    assert mean(pace, 10**9, 2, now) == mean(pace, MOST_PLACES, 2, now)


def test_nothing_is_said_on_few_or_old_data_or_with_nobody_at_work():
    assert steady(ENOUGH - 1).expected("enquiries", 3, 2, later(400)) is None
    assert steady(ENOUGH).expected("enquiries", 3, 2, later(480)) is not None
    assert steady(ENOUGH).expected("enquiries", 3, 0, later(480)) is None
    assert steady(ENOUGH).expected("enquiries", 3, 2, later(4 * 3600)) is None
    assert steady(ENOUGH).expected("exchange", 3, 2, later(480)) is None


def test_callers_who_met_a_free_operator_say_nothing_about_the_pace():
    pace = Pace()
    for number in range(20):
        pace.taken("enquiries", later(number), 2, later(number))
    assert pace.expected("enquiries", 1, 2, later(20)) is None


def test_what_is_told_never_rises_and_is_neither_too_short_nor_a_guess():
    assert minutes_to_tell(4 * MINUTE + timedelta(seconds=1), None) == 5
    assert minutes_to_tell(9 * MINUTE, told=5) == 5
    assert minutes_to_tell(3 * MINUTE, told=5) == 3
    assert minutes_to_tell(timedelta(seconds=50), None) is None
    assert minutes_to_tell(31 * MINUTE, None) is None
    assert minutes_to_tell(None, 5) is None


@pytest.mark.parametrize(
    ("operators", "load", "patience"),
    [(2, 0.9, None), (4, 0.9, None), (4, 0.98, None), (20, 0.95, None), (4, 1.2, 300)],
)
def test_the_estimate_is_true_on_average_and_most_are_taken_within_the_minutes_told(operators, load, patience):
    found = figures(simulate(operators, load, 8_000, seed=7, patience=patience))
    assert found["told"] > 500
    assert abs(found["relative_bias"]) < 0.2
    assert found["coverage"] > 0.8
    assert found["told_bias"] < 1.2
    assert found["within_half"] > 0.7
