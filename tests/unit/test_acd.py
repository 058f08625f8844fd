"""The floor and the policy in single cases; whole histories are compared in test_acd_model."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dialplan.acd.floor import Floor, Waiting
from dialplan.acd.policy import Displaced, Match, Overflowed, next_decision
from kernel.operator import OperatorState, OperatorStatus
from kernel.routing import UNSTAFFED, Lead, Need, OperatorSeat, Overflow, Queue, Relaxation, Strategy

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
ENGLISH = Need(skill="英語", level=3, relax=(Relaxation(after=30, level=2), Relaxation(after=60, level=0)))


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def seat(name: str, *queues: str, extension: int = 7001, **more: object) -> OperatorSeat:
    return OperatorSeat.model_validate(
        {"id": name, "name": name, "extension": str(extension), "queues": queues or ("enquiries",), **more}
    )


def queue(id: str = "enquiries", **more: object) -> Queue:
    return Queue.model_validate({"id": id, "label": id, **more})


def ready(floor: Floor, *operators: str, at: datetime = NOON) -> None:
    for operator in operators:
        floor.set(OperatorStatus(operator, OperatorState.READY, at))


def decided(floor: Floor, now: datetime) -> list[tuple[str, str]]:
    """All that is decided now, carried out: call and operators, or call and where it goes."""
    found: list[tuple[str, str]] = []
    while decision := next_decision(floor, now):
        floor.leave(decision.waiting.call)
        match decision:
            case Match():
                for operator in decision.operators:
                    floor.set(OperatorStatus(operator, OperatorState.RINGING, now, call=decision.waiting.call))
                found.append((decision.waiting.call, "+".join(decision.operators)))
            case Overflowed():
                found.append((decision.waiting.call, decision.rule.when))
    return found


def test_an_operator_without_the_skill_gets_the_call_when_it_has_waited_as_long_as_the_queue_says():
    floor = Floor([seat("sato", skills={"英語": 2}), seat("suzuki", extension=7002)], [queue(needs=(ENGLISH,))])
    ready(floor, "sato", "suzuki")
    floor.wait(Waiting(NOON, "c-1", "enquiries"))
    assert next_decision(floor, later(29.9)) is None
    assert floor.next_change() == later(30)
    decision = next_decision(floor, later(30))
    assert isinstance(decision, Match)
    assert (decision.operators, decision.why) == (("sato",), "skills_relaxed")
    floor.set(OperatorStatus("sato", OperatorState.PAUSED, later(30)))
    assert next_decision(floor, later(59)) is None
    assert floor.next_change() == later(60)
    assert decided(floor, later(60)) == [("c-1", "suzuki")]


def test_the_operator_of_the_last_talk_is_waited_for_and_then_not_any_more():
    floor = Floor([seat("sato"), seat("suzuki", extension=7002)], [queue(last_operator_seconds=20)])
    ready(floor, "suzuki")
    floor.set(OperatorStatus("sato", OperatorState.WRAP_UP, NOON, call="c-0"))
    floor.wait(Waiting(NOON, "c-1", "enquiries", last="sato"))
    assert decided(floor, later(19)) == []
    assert floor.next_change() == later(20)
    assert decided(floor, later(20)) == [("c-1", "suzuki")]


def test_the_operator_of_the_last_talk_gets_the_call_on_becoming_free():
    floor = Floor([seat("sato"), seat("suzuki", extension=7002)], [queue(last_operator_seconds=20)])
    ready(floor, "suzuki")
    floor.set(OperatorStatus("sato", OperatorState.WRAP_UP, NOON, call="c-0"))
    floor.wait(Waiting(NOON, "c-1", "enquiries", last="sato"))
    assert decided(floor, NOON) == []
    ready(floor, "sato", at=later(5))
    assert decided(floor, later(5)) == [("c-1", "sato")]


@pytest.mark.parametrize("state", [OperatorState.PAUSED, OperatorState.LOGGED_OUT, OperatorState.NOT_ANSWERING])
def test_nobody_waits_for_an_operator_who_takes_no_calls(state):
    floor = Floor([seat("sato"), seat("suzuki", extension=7002)], [queue(last_operator_seconds=20)])
    ready(floor, "suzuki")
    floor.set(OperatorStatus("sato", OperatorState.WRAP_UP, NOON, call="c-0"))
    floor.wait(Waiting(NOON, "c-1", "enquiries", last="sato"))
    assert decided(floor, NOON) == []
    floor.set(OperatorStatus("sato", state, later(3)))
    assert decided(floor, later(3)) == [("c-1", "suzuki")]


def test_a_call_of_low_priority_overtakes_later_ones_when_it_has_aged():
    queues = [queue("urgent", priority=3, aging_seconds=None), queue("enquiries", aging_seconds=10)]
    floor = Floor([seat("sato", "urgent", "enquiries")], queues)
    floor.wait(Waiting(NOON, "c-low", "enquiries"))
    floor.wait(Waiting(later(25), "c-high", "urgent"))
    ready(floor, "sato")
    first = next_decision(floor, later(29))
    assert first is not None
    assert first.waiting.call == "c-high"
    aged = next_decision(floor, later(30))
    assert aged is not None
    assert aged.waiting.call == "c-low"


def test_places_follow_the_priority_of_calls_and_age():
    floor = Floor((), [queue(aging_seconds=10)])
    floor.wait(Waiting(NOON, "c-old", "enquiries"))
    floor.wait(Waiting(later(5), "c-new", "enquiries", priority=1))
    assert [floor.position(call, later(6)) for call in ("c-new", "c-old")] == [1, 2]
    assert [floor.position(call, later(12)) for call in ("c-new", "c-old")] == [2, 1]
    assert [floor.position(call, later(16)) for call in ("c-new", "c-old")] == [1, 2]


STRATEGIES = [
    (Strategy.LONGEST_IDLE, "suzuki"),
    (Strategy.FEWEST_CALLS, "tanaka"),
    (Strategy.LEAST_OCCUPIED, "sato"),
    (Strategy.IN_ORDER, "ueda"),
    (Strategy.RING_ALL, "suzuki+sato+tanaka+ueda"),
]


@pytest.mark.parametrize(("strategy", "expected"), STRATEGIES)
def test_each_strategy_rings_whom_it_names(strategy, expected):
    """Suzuki is idle for the longest time, Tanaka had no call, Sato two short ones, Ueda is first in the order."""
    names = ("sato", "suzuki", "tanaka", "ueda")
    seats = [seat(name, extension=7001 + number) for number, name in enumerate(names)]
    seats[3] = seat("ueda", extension=7004, order={"enquiries": 1})
    floor = Floor(seats, [queue(strategy=strategy)])
    works = {"sato": [(0, 100), (100, 101), (110, 111)], "suzuki": [(0, 50)], "tanaka": [], "ueda": [(0, 130)]}
    for name in names:
        floor.set(OperatorStatus(name, OperatorState.LOGGED_OUT, later(-100)))
        ready(floor, name, at=NOON if name != "tanaka" else later(120))
        for begins, ends in works[name][1 if name == "sato" else 0 :]:
            floor.set(OperatorStatus(name, OperatorState.TALKING, later(begins), call=f"{name}-{begins}"))
            ready(floor, name, at=later(ends))
    floor.set(OperatorStatus("tanaka", OperatorState.WRAP_UP, later(120), call="old"))
    ready(floor, "tanaka", at=later(129))
    floor.wait(Waiting(later(140), "c-1", "enquiries"))
    assert decided(floor, later(140)) == [("c-1", expected)]


def test_a_random_choice_depends_on_the_call_alone_and_spreads_over_all():
    seats = [seat(f"op{number}", extension=7000 + number) for number in range(5)]

    def chosen(call: str) -> str:
        floor = Floor(seats, [queue(strategy="random")])
        ready(floor, *(one.id for one in seats))
        floor.wait(Waiting(NOON, call, "enquiries"))
        return decided(floor, NOON)[0][1]

    assert [chosen(f"c-{number}") for number in range(50)] == [chosen(f"c-{number}") for number in range(50)]
    assert {chosen(f"c-{number}") for number in range(50)} == {one.id for one in seats}


def test_callers_overflow_when_the_last_operator_has_left_for_as_long_as_the_queue_says():
    goes = Overflow(when="no_operator", after=10, to=Lead(announcement="congested"))
    floor = Floor([seat("sato")], [queue(overflow=(goes,))])
    floor.set(OperatorStatus("sato", OperatorState.TALKING, NOON, call="c-0"))
    for number in (1, 2):
        floor.wait(Waiting(later(number), f"c-{number}", "enquiries"))
    assert decided(floor, later(50)) == []
    floor.set(OperatorStatus("sato", OperatorState.LOGGED_OUT, later(60)))
    assert decided(floor, later(60)) == []
    assert floor.next_change() == later(70)
    assert decided(floor, later(70)) == [("c-1", "no_operator"), ("c-2", "no_operator")]


def test_an_operator_who_came_back_in_between_starts_the_time_without_operators_anew():
    goes = Overflow(when="no_operator", after=10, to=Lead(announcement="congested"))
    floor = Floor([seat("sato")], [queue(overflow=(goes,))])
    floor.wait(Waiting(NOON, "c-1", "enquiries"))
    assert decided(floor, NOON) == []
    floor.leave("c-1")
    ready(floor, "sato", at=later(5))
    floor.set(OperatorStatus("sato", OperatorState.PAUSED, later(8)))
    floor.wait(Waiting(later(9), "c-2", "enquiries"))
    assert decided(floor, later(11)) == []
    assert decided(floor, later(21)) == [("c-2", "no_operator")]


def test_a_call_that_has_waited_as_long_as_the_queue_allows_overflows_at_that_moment():
    goes = Overflow(when="waited", after=40, to=Lead(menu="main"))
    floor = Floor([seat("sato")], [queue(overflow=(goes,))])
    floor.wait(Waiting(NOON, "c-1", "enquiries"))
    floor.wait(Waiting(later(3), "c-2", "enquiries"))
    assert decided(floor, later(3)) == []
    assert floor.next_change() == later(40)
    assert decided(floor, later(40)) == [("c-1", "waited")]
    assert floor.next_change() == later(43)


def test_who_rang_for_a_call_that_another_took_is_as_long_idle_as_before():
    seats = [seat("sato"), seat("suzuki", extension=7002)]
    floor = Floor(seats, [queue()])
    ready(floor, "sato", at=later(-60))
    ready(floor, "suzuki", at=later(-30))
    floor.set(OperatorStatus("sato", OperatorState.RINGING, NOON, call="c-0"))
    ready(floor, "sato", at=later(1))
    floor.wait(Waiting(later(2), "c-1", "enquiries"))
    assert decided(floor, later(2)) == [("c-1", "sato")]


def test_a_seat_that_the_centre_no_longer_has_is_offered_nothing():
    floor = Floor([seat("sato")])
    ready(floor, "sato")
    floor.arrange([], [queue()])
    floor.wait(Waiting(NOON, "c-1", "enquiries"))
    assert next_decision(floor, NOON) is None
    floor.arrange([seat("sato")], [queue()])
    assert decided(floor, NOON) == [("c-1", "sato")]


def test_who_waits_in_a_queue_that_is_removed_is_displaced_at_once_also_where_somebody_is_ready():
    floor = Floor([seat("sato", "enquiries", "exchange")], [queue(), queue(id="exchange")])
    floor.wait(Waiting(NOON, "c-1", "enquiries"))
    floor.wait(Waiting(NOON, "c-2", "exchange"))
    assert next_decision(floor, NOON) is None
    floor.arrange([seat("sato", "exchange")], [queue(id="exchange")])
    assert next_decision(floor, NOON) == Displaced(Waiting(NOON, "c-1", "enquiries"))
    floor.leave("c-1")
    assert next_decision(floor, NOON) is None


def test_a_queue_without_a_rule_for_it_does_not_keep_callers_for_whom_nobody_is_at_work():
    """Hard case 13."""
    floor = Floor([seat("sato")], [queue()])
    floor.wait(Waiting(NOON, "c-1", "enquiries"))
    assert next_decision(floor, NOON) is None
    assert floor.next_change() == later(UNSTAFFED.after)
    assert next_decision(floor, later(UNSTAFFED.after)) == Overflowed(Waiting(NOON, "c-1", "enquiries"), UNSTAFFED)


def test_a_queue_whose_needs_are_dropped_serves_those_who_wait_at_once():
    floor = Floor([seat("sato")], [queue(needs=(ENGLISH,))])
    ready(floor, "sato")
    floor.wait(Waiting(NOON, "c-1", "enquiries"))
    assert decided(floor, NOON) == []
    floor.arrange([seat("sato")], [queue()])
    assert decided(floor, later(1)) == [("c-1", "sato")]
