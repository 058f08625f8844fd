"""The platform's own distribution in virtual time, with the formulas as its oracle. Seeds are fixed."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from denwa.staffing.acd import SimulatedFloor
from denwa.staffing.simulation import BEGIN, run, simulate
from kernel.erlang import Demand, service

HANDLING = 180.0


@pytest.mark.parametrize(("operators", "load", "target"), [(1, 0.6, 20), (4, 3.0, 10), (4, 3.0, 120), (14, 10.0, 20)])
def test_patient_callers_wait_as_erlang_c_says(operators, load, target):
    """The probability of waiting, its mean, and two points of its distribution, each within its interval."""
    demand = Demand(load / HANDLING, HANDLING)
    formula = service(operators, demand, target)
    simulated = simulate(demand, operators, target, calls=2_500, runs=16, seed=1)
    assert simulated.waits.covers(formula.waits)
    assert simulated.mean_wait.covers(formula.mean_wait)
    assert simulated.in_time.covers(formula.in_time)
    assert simulated.waits.half < 0.06


@pytest.mark.parametrize(("operators", "load", "patience"), [(4, 5.0, 120.0), (10, 11.7, 60.0)])
def test_impatient_callers_wait_and_give_up_as_erlang_a_says(operators, load, patience):
    demand = Demand(load / HANDLING, HANDLING, patience)
    formula = service(operators, demand, 10)
    simulated = simulate(demand, operators, 10, calls=2_500, runs=16, seed=1)
    assert simulated.waits.covers(formula.waits)
    assert simulated.mean_wait.covers(formula.mean_wait)
    assert simulated.answered.covers(formula.answered)
    assert simulated.in_time.covers(formula.in_time)


def test_a_wrong_formula_would_be_noticed():
    """The intervals are narrow enough to tell a load from one that is a tenth higher."""
    demand, heavier = Demand(3.0 / HANDLING, HANDLING), Demand(3.3 / HANDLING, HANDLING)
    simulated = simulate(demand, 4, 20, calls=2_500, runs=16, seed=1)
    assert not simulated.waits.covers(service(4, heavier, 20).waits)
    assert not simulated.mean_wait.covers(service(4, heavier, 20).mean_wait)


def test_the_same_seed_gives_the_same_run_and_another_seed_another():
    demand = Demand(3.0 / HANDLING, HANDLING, 60.0)
    assert run(demand, 4, 10, 300, Random("1")) == run(demand, 4, 10, 300, Random("1"))
    assert run(demand, 4, 10, 300, Random("1")) != run(demand, 4, 10, 300, Random("2"))


def test_the_simulated_floor_serves_who_waited_longest_and_nobody_who_gave_up():
    floor = SimulatedFloor(1, BEGIN)
    for second, call in enumerate("abc"):
        floor.waits(call, BEGIN + timedelta(seconds=second))
    assert list(floor.answers(BEGIN + timedelta(seconds=3))) == [("a", "op0")]
    floor.gives_up("b")
    floor.is_free("op0", BEGIN + timedelta(seconds=4))
    assert list(floor.answers(BEGIN + timedelta(seconds=4))) == [("c", "op0")]
