"""Calls that wait for one operator by a supervisor's order: single cases of the floor and the policy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dialplan.acd.explain import explain_match, explain_waiting
from dialplan.acd.floor import Floor, Waiting
from dialplan.acd.policy import Match, next_decision
from kernel.operator import OperatorState, OperatorStatus
from kernel.routing import OperatorSeat, Overflow, Queue

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
SEATS = (
    OperatorSeat(id="sato", name="佐藤", extension="7001", queues=("enquiries",)),
    OperatorSeat(id="suzuki", name="鈴木", extension="7002", queues=("exchange",)),
)
RULE = Overflow.model_validate({"when": "waited", "after": 60, "to": {"announcement": "congested"}})
AWAY = Overflow.model_validate({"when": "no_operator", "after": 0, "to": {"announcement": "congested"}})
QUEUES = (Queue(id="enquiries", label="問い合わせ", overflow=(RULE, AWAY)), Queue(id="exchange", label="電話交換"))
ASSIGNED = Waiting(NOON, "c-1", "enquiries", assigned="suzuki")


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def floor(*calls: Waiting, suzuki: OperatorState, sato: OperatorState = OperatorState.LOGGED_OUT) -> Floor:
    one = Floor(SEATS, QUEUES)
    one.set(OperatorStatus("suzuki", suzuki, NOON, call="other" if suzuki is OperatorState.TALKING else None))
    one.set(OperatorStatus("sato", sato, NOON))
    for call in calls:
        one.wait(call)
    return one


def test_an_assigned_call_waits_for_its_operator_though_others_are_ready_and_rules_would_send_it_away():
    one = floor(ASSIGNED, suzuki=OperatorState.TALKING, sato=OperatorState.READY)
    assert next_decision(one, later(600)) is None
    (reason,) = explain_waiting(one, "c-1", later(600))
    assert (reason.code, "鈴木" in reason.text) == ("assigned", True)


def test_it_is_rung_before_a_call_that_waits_longer_in_the_operators_own_queue():
    own = Waiting(NOON - timedelta(minutes=5), "c-0", "exchange")
    one = floor(own, ASSIGNED, suzuki=OperatorState.TALKING)
    assert next_decision(one, later(1)) is None
    one.set(OperatorStatus("suzuki", OperatorState.READY, later(2)))
    decision = next_decision(one, later(2))
    assert isinstance(decision, Match)
    assert (decision.waiting.call, decision.operators, decision.why) == ("c-1", ("suzuki",), "assigned")
    assert "割り当てた" in explain_match(one, decision, later(2)).text


def test_it_is_everybodys_when_its_operator_goes_to_pause_after_the_call_at_hand():
    one = floor(ASSIGNED, suzuki=OperatorState.TALKING, sato=OperatorState.READY)
    assert next_decision(one, later(1)) is None
    talking = OperatorStatus("suzuki", OperatorState.TALKING, NOON, call="other")
    one.set(talking.afterwards(OperatorState.PAUSED, "休憩"))
    decision = next_decision(one, later(2))
    assert isinstance(decision, Match)
    assert decision.operators == ("sato",)


def test_it_is_everybodys_when_its_operators_phone_is_gone():
    one = floor(ASSIGNED, suzuki=OperatorState.TALKING, sato=OperatorState.READY)
    assert next_decision(one, later(1)) is None
    one.reach("7002", reachable=False)
    assert next_decision(one, later(2)) is not None


def test_a_call_that_has_left_is_waited_for_by_nobody():
    one = floor(ASSIGNED, suzuki=OperatorState.TALKING)
    one.leave("c-1")
    one.set(OperatorStatus("suzuki", OperatorState.READY, later(2)))
    assert next_decision(one, later(2)) is None
