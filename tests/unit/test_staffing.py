"""Plans from typed figures, from the history, and the city's own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from denwa.staffing.city import GOAL, SEATS, USUAL_HANDLING_SECONDS, reaches
from kernel.erlang import Demand, service
from kernel.figures import QueueFigures
from kernel.staffing import Goal, Measure, demand_of, needs, plan

HALF_HOUR = Demand(100 / 1800, 180)


def test_a_plan_names_the_least_number_that_reaches_the_goal_and_its_neighbours():
    made = plan(HALF_HOUR, Goal(share=0.8, target=20))
    assert made.needed
    assert made.needed.operators == 14
    assert [row.operators for row in made.rows] == list(range(9, 20))
    assert not made.goal.reached_by(made.rows[4])


def test_seats_that_are_too_few_are_shown_with_the_handling_time_that_they_could_bear():
    made = plan(Demand(100 / 1800, 180, 120), Goal(Measure.ANSWERED, 0.95, 20), seats=4)
    assert made.seated
    assert made.bearable
    assert (made.seated.operators, made.rows[0].operators) == (4, 4)
    assert made.bearable < 180
    assert made.goal.reached_by(service(4, Demand(100 / 1800, made.bearable, 120), 20))


def test_a_demand_beyond_all_planning_has_no_number():
    made = plan(Demand(1000.0, 180), Goal())
    assert made.needed is None
    assert made.rows


def test_the_history_gives_the_busiest_quarter_with_the_handling_and_patience_of_all():
    minute = timedelta(minutes=1)
    quiet = QueueFigures(offered=10, answered=10, talk=20 * minute, wrap_up=10 * minute, answered_wait=2 * minute)
    busy = QueueFigures(offered=30, answered=20, abandoned=10, talk=40 * minute, answered_wait=8 * minute)
    found = demand_of([quiet, busy, QueueFigures()])
    assert found
    assert found.arrivals * 900 == pytest.approx(30)
    assert (found.handling, found.patience) == (140.0, 60.0)
    assert demand_of([QueueFigures(offered=3, abandoned=3)]) is None


@pytest.mark.parametrize("wrong", [{"share": 0.0}, {"share": 1.0}, {"share": 80}, {"target": -1.0}])
def test_a_goal_that_is_no_share_is_refused(wrong):
    with pytest.raises(ValueError, match="share between"):
        Goal(**wrong)


def test_each_quarter_of_the_history_says_how_many_it_takes():
    noon = datetime(2026, 11, 24, 3, tzinfo=UTC)
    quarters = {noon + timedelta(minutes=15): QueueFigures(offered=50), noon: QueueFigures(offered=10)}
    quarters[noon + timedelta(minutes=30)] = QueueFigures()
    found = needs(quarters, Demand(1.0, 180), Goal(target=20))
    assert [(one.begins, one.calls) for one in found] == [(noon, 10), (noon + timedelta(minutes=15), 50)]
    assert [one.operators for one in found] == [4, 14]
    assert needs({noon: QueueFigures(offered=10**9)}, Demand(1.0, 180), Goal())[0].operators is None


@pytest.mark.parametrize("seats", [0, -1, 5000])
def test_seats_that_nobody_has_are_refused(seats):
    with pytest.raises(ValueError, match="seats are"):
        plan(HALF_HOUR, Goal(), seats)


def test_the_citys_plan_holds_only_for_short_calls_in_the_opening_hours():
    """10,250 calls in 43.75 hours are 0.065 a second: four operators who never rest have 61 s for each, no more."""
    found = list(reaches())
    opening = [one for one in found if one.profile.hours < 168 and one.profile.peak == 1.0]
    assert all(one.bearable < SEATS / one.profile.arrivals / GOAL.share for one in found)
    assert all(40 < one.bearable < 60 for one in opening)
    assert all(one.usual.answered < 0.5 and one.needed > 2 * SEATS for one in opening)
    around_the_clock = [one for one in found if one.profile.hours == 168]
    assert any(150 < one.bearable < USUAL_HANDLING_SECONDS for one in around_the_clock)
    assert [one.bearable for one in opening] == sorted(one.bearable for one in opening)
