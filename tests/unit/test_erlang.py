"""The formulas, against published values, against the balance of states, and against each other."""

from __future__ import annotations

from fractions import Fraction
from math import inf, isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.erlang import (
    Demand,
    erlang_b,
    erlang_c,
    handling_reachable,
    operators_needed,
    service,
)

MINUTE = 60.0


@pytest.mark.parametrize(
    ("operators", "load"), [(1, 0.0101), (2, 0.153), (5, 1.36), (10, 4.46), (20, 12.0), (50, 37.9), (100, 84.1)]
)
def test_one_call_in_a_hundred_is_blocked_at_the_loads_of_the_printed_tables(operators, load):
    assert erlang_b(operators, load) == pytest.approx(0.01, rel=0.025)


def test_the_textbook_example_of_erlang_c():
    """360 calls of 4 minutes in half an hour, 55 agents, 15 s: 0.239 wait, 8.2 s on average, 84.6 % in time."""
    found = service(55, Demand(360 / 1800, 240), 15)
    assert found.waits == pytest.approx(0.239, abs=5e-4)
    assert found.mean_wait == pytest.approx(8.2, abs=0.05)
    assert found.in_time == pytest.approx(0.846, abs=5e-4)
    assert found.occupancy == pytest.approx(0.873, abs=5e-4)


def test_the_usual_example_of_staffing_a_half_hour():
    """100 calls of 180 s in half an hour, 20 s: 14 agents answer 88.8 % in time, 7.8 s on average; 13 miss 80 %."""
    found = operators_needed(Demand(100 / 1800, 180), 20, lambda one: one.in_time >= 0.8)
    assert found
    assert (found.operators, found.waits) == (14, pytest.approx(0.174, abs=5e-4))
    assert found.in_time == pytest.approx(0.888, abs=5e-4)
    assert found.mean_wait == pytest.approx(7.8, abs=0.05)


def test_the_published_comparison_of_patient_and_impatient_callers():
    """Garnett, Mandelbaum and Reiman 2002: 50 agents, 48 calls a minute of a minute each, patience 2 minutes."""
    patient = service(50, Demand(48 / MINUTE, MINUTE), 0)
    assert patient.mean_wait == pytest.approx(20.8, abs=0.05)
    impatient = service(50, Demand(48 / MINUTE, MINUTE, 2 * MINUTE), 12.5)
    assert 1 - impatient.answered == pytest.approx(0.031, abs=5e-4)
    assert impatient.mean_wait == pytest.approx(3.7, abs=0.05)
    assert impatient.occupancy == pytest.approx(0.93, abs=5e-3)


def in_balance(operators: int, load: Fraction, patience: Fraction) -> tuple[Fraction, Fraction]:
    """Shares of calls that wait and that give up, from the balance of states, in exact fractions.

    Times are in units of the handling time. The queue is cut off where hardly anybody is left.
    """
    chance, states = Fraction(1), [Fraction(1)]
    for state in range(1, operators + 120):
        leaving = min(state, operators) + max(0, state - operators) / patience
        chance = chance * load / leaving
        states.append(chance)
    total = sum(states)
    waits = sum(states[operators:]) / total
    queue = sum(max(0, state - operators) * chance for state, chance in enumerate(states)) / total
    return waits, queue / patience / load


loads = st.fractions(Fraction(1, 4), 20, max_denominator=8)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 12), loads, st.fractions(Fraction(1, 8), 3, max_denominator=8))
def test_erlang_a_is_what_the_balance_of_states_gives(operators, load, patience):
    found = service(operators, Demand(float(load), 1.0, float(patience)), 0.5)
    waits, gone = in_balance(operators, load, patience)
    assert found.waits == pytest.approx(float(waits), rel=1e-9)
    assert 1 - found.answered == pytest.approx(float(gone), rel=1e-6, abs=1e-12)


demands = st.builds(
    Demand,
    arrivals=st.floats(1e-4, 20),
    handling=st.floats(1, 2000),
    patience=st.none() | st.floats(0.5, 5000),
)


@settings(max_examples=150, deadline=None)
@given(demands, st.integers(1, 1000), st.floats(0, 600))
def test_one_operator_more_is_never_worse_and_shares_are_shares(demand, operators, target):
    one, more = service(operators, demand, target), service(operators + 1, demand, target)
    for found in (one, more):
        for share in (found.waits, found.in_time, found.answered, found.occupancy):
            assert 0 <= share <= 1 + 1e-12
        assert found.in_time <= found.answered + 1e-9
        assert found.in_time >= (1 - found.waits) - 1e-9 or demand.patience is None
    assert more.waits <= one.waits * (1 + 1e-9)
    assert more.in_time >= one.in_time - 1e-9
    assert more.mean_wait <= one.mean_wait * (1 + 1e-6) + 1e-12


@given(st.integers(1, 1000), st.floats(0.05, 0.98), st.floats(0, 3))
def test_very_patient_callers_are_those_of_erlang_c(operators, busy, target):
    endless = service(operators, Demand(busy * operators, 1.0), target)
    patient = service(operators, Demand(busy * operators, 1.0, 1e7), target)
    assert patient.waits == pytest.approx(endless.waits, rel=1e-2, abs=1e-9)
    assert patient.in_time == pytest.approx(endless.in_time, rel=1e-2)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 1000), st.floats(0.3, 3), st.floats(0.05, 20))
def test_the_time_in_which_all_are_answered_who_will_be_closes_the_formula(operators, busy, patience):
    """Within an endless target are answered exactly those who do not give up: two ways to the same share."""
    found = service(operators, Demand(busy * operators, 1.0, patience), 1e3 * patience)
    assert isclose(found.in_time, found.answered, rel_tol=1e-9)


def test_too_few_operators_for_patient_callers_have_a_queue_that_only_grows():
    found = service(4, Demand(1.0, 5.0), 10)
    assert (found.waits, found.in_time, found.mean_wait, found.occupancy) == (1.0, 0.0, inf, 1.0)
    assert operators_needed(Demand(1e4, 100.0), 10, lambda one: one.in_time >= 0.8) is None


def test_a_thousand_operators_neither_overflow_nor_vanish():
    assert erlang_b(1000, 971.0) == pytest.approx(0.01, rel=0.1)
    assert 0 < erlang_c(1000, 990.0) < 1
    flooded = service(1000, Demand(5000.0, 1.0, 600.0), 10)
    assert flooded.answered == pytest.approx(0.2, rel=1e-6)
    assert erlang_b(1000, 1e-3) == 0.0


def test_the_longest_handling_that_four_seats_bear_is_where_the_goal_is_just_reached():
    arrivals, goal = 10_250 / (43.75 * 3600), 0.9
    longest = handling_reachable(4, arrivals, 120, 10, lambda one: one.answered >= goal)
    assert service(4, Demand(arrivals, longest, 120), 10).answered >= goal
    assert service(4, Demand(arrivals, longest + 0.1, 120), 10).answered < goal


@pytest.mark.parametrize("wrong", [(0, 1, 1), (1, 0, 1), (1, 1, 0), (-1, 1, None), (inf, 1, None)])
def test_what_is_not_a_demand_is_refused(wrong):
    with pytest.raises(ValueError, match="greater than 0"):
        Demand(*wrong)
    with pytest.raises(ValueError, match="at least one"):
        service(0, Demand(1, 1), 10)
