"""The distribution of calls against a plain, slow model of it that was written apart, over histories of a centre."""

from __future__ import annotations

import os
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bench import acd_histories
from bench.acd_pair import NOON, Pair
from dialplan.acd import ready, rules, shift
from dialplan.acd.floor import Floor, Waiting
from dialplan.acd.policy import Match, next_decision
from dialplan.acd.staff import Staff
from dialplan.acd.waiting import Waitings
from kernel.operator import BUSY, OperatorState, OperatorStatus
from kernel.routing import Queue, Strategy

HISTORIES = int(os.environ.get("DENWA_ACD_HISTORIES", "400"))

operators = st.integers(0, 5).map(lambda number: f"op{number}")
randoms = st.integers(0, 2**32).map(random.Random)


class Centre(RuleBasedStateMachine):
    """Each rule compares all decisions; ``Pair`` does the comparing."""

    @initialize(rng=randoms)
    def open(self, rng):
        self.pair = Pair(acd_histories.random_seats(rng), acd_histories.random_queues(rng))
        self.count = 0

    @rule(queue=st.sampled_from(acd_histories.QUEUES), priority=st.sampled_from([0, 0, 1]), last=st.none() | operators)
    def a_call_comes(self, queue, priority, last):
        self.count += 1
        self.pair.wait(f"c-{self.count}", queue, priority, last)

    @rule(operator=operators, state=st.sampled_from(acd_histories.WISHES))
    def an_operator_wishes(self, operator, state):
        self.pair.wish(operator, state)

    @rule(seconds=st.sampled_from([0.5, 1, 5, 7, 15, 40]))
    def time_passes(self, seconds):
        self.pair.pass_time(seconds)

    @rule(extension=st.integers(7000, 7005).map(str), reachable=st.booleans())
    def a_phone_comes_or_goes(self, extension, reachable):
        self.pair.reach(extension, reachable)

    @rule(rng=randoms)
    def the_document_changes(self, rng):
        self.pair.arrange(acd_histories.random_seats(rng), acd_histories.random_queues(rng))

    @precondition(lambda self: self.pair.rung)
    @rule(data=st.data(), answers=st.booleans())
    def a_phone_is_answered_or_not(self, data, answers):
        operator = data.draw(st.sampled_from(sorted(set().union(*self.pair.rung.values()))))
        (self.pair.answer if answers else self.pair.miss)(operator)

    @precondition(lambda self: self.pair.plain.calls or self.pair.rung)
    @rule(data=st.data())
    def a_caller_hangs_up(self, data):
        self.pair.abandon(data.draw(st.sampled_from(sorted({*self.pair.plain.calls, *self.pair.rung}))))

    @rule(operator=operators)
    def work_goes_on(self, operator):
        if self.pair.status(operator).state in {OperatorState.TALKING, OperatorState.WRAP_UP}:
            self.pair.end(operator)

    @invariant()
    def nobody_rings_whose_phone_is_gone_or_who_is_paused(self):
        for operators_rung in self.pair.rung.values():
            assert all(self.pair.status(operator).state in BUSY for operator in operators_rung)


TestCentre = Centre.TestCase
TestCentre.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)


def test_random_histories_are_decided_as_the_plain_model_does_and_every_journey_ends():
    played = sum((acd_histories.play(seed, compare=True) for seed in range(HISTORIES)), acd_histories.Played())
    assert played.compared_decisions > played.histories == HISTORIES


def test_of_many_random_histories_what_must_hold_holds_in_all():
    """``python -m bench.acd_histories`` runs millions; seeds from 10,000,000 on are not among them."""
    played = acd_histories.play_all(range(10_000_000, 10_000_000 + 10 * HISTORIES))
    assert played.histories == 10 * HISTORIES
    assert played.compared == HISTORIES // 2
    assert min(played.decisions, played.callers) > played.histories


def test_a_wish_pressed_in_a_talk_makes_no_second_talk_of_it():
    """Seed 1326700 found the plain model counting so."""
    queue = Queue(id="tax", label="税", strategy=Strategy.FEWEST_CALLS)
    pair = Pair(acd_histories.random_seats(random.Random(0)), [queue])
    pair.arrange([seat.model_copy(update={"queues": ("tax",)}) for seat in pair.seats.values()][:2], [queue])
    for operator in ("op0", "op1"):
        pair.wish(operator, OperatorState.READY)
    for call, operator in (("c-1", "op0"), ("c-2", "op1"), ("c-3", "op0")):
        pair.wait(call, "tax", 0, None)
        assert pair.rung == {call: {operator}}
        pair.answer(operator)
        if call == "c-1":
            pair.wish(operator, OperatorState.PAUSED)
            pair.wish(operator, OperatorState.READY)
        pair.end(operator)
        pair.end(operator)
        pair.pass_time(5)


def overtaken(patch):
    real = Waitings.head
    patch.setattr(Waitings, "head", lambda self, line: self.place(line.calls[-1][1]) or real(self, line))


def a_pause_is_forgotten(patch):
    patch.setattr(shift, "free", lambda status, now: status.becomes(OperatorState.READY, now))


def a_phone_that_is_gone_is_rung(patch):
    patch.setattr(Staff, "reachable", lambda *_: True)


def skills_are_asked_of_nobody(patch):
    patch.setattr(rules.Rules, "open_tiers", lambda self, _: len(self.tiers))


def nobody_is_ever_rung(patch):
    patch.setattr(ready.Ready, "choose", lambda *_: ())


def a_call_is_lost(patch):
    real = Waitings.enter

    def enter_and_forget(calls, place, only, **bound):
        line = real(calls, place, only, **bound)
        if place.priority:
            calls.leave(place.call)
        return line

    patch.setattr(Waitings, "enter", enter_and_forget)


WRONGS = (
    overtaken,
    a_pause_is_forgotten,
    a_phone_that_is_gone_is_rung,
    skills_are_asked_of_nobody,
    nobody_is_ever_rung,
    a_call_is_lost,
)


@pytest.mark.parametrize("wrong", WRONGS)
def test_what_must_hold_is_seen_not_to_hold_without_the_plain_model(wrong, monkeypatch):
    wrong(monkeypatch)
    with pytest.raises(AssertionError, match="the history of seed"):
        acd_histories.play_all(seed for seed in range(200) if seed % acd_histories.COMPARED_EVERY)


@given(st.randoms(use_true_random=False), st.lists(st.integers(0, 40), min_size=2, max_size=12, unique=True))
def test_who_waited_longer_with_the_same_need_is_served_first(rng, moments):
    (queue, *_), seats = acd_histories.random_queues(rng), acd_histories.random_seats(rng)
    floor = Floor(seats, [queue.model_copy(update={"last_operator_seconds": 0, "overflow": ()})])
    for seconds in moments:
        floor.wait(Waiting(NOON.replace(second=seconds), f"c-{seconds}", queue.id))
    served: list[str] = []
    for seat in seats * len(moments):
        floor.set(OperatorStatus(seat.id, OperatorState.READY, NOON.replace(minute=10)))
        while isinstance(decision := next_decision(floor, NOON.replace(minute=10)), Match):
            floor.leave(decision.waiting.call)
            served.append(decision.waiting.call)
            for operator in decision.operators:
                floor.set(OperatorStatus(operator, OperatorState.PAUSED, NOON.replace(minute=10)))
    assert served == [f"c-{seconds}" for seconds in sorted(moments)][: len(served)]
    able = [seat for seat in seats if floor.staff.serves(seat.id, queue.id)]
    assert len(served) == (len(moments) if able else 0)


@given(st.randoms(use_true_random=False), operators, st.sampled_from([OperatorState.PAUSED, OperatorState.LOGGED_OUT]))
def test_pausing_wins_over_every_offer(rng, operator, state):
    seats, queues = acd_histories.random_seats(rng), acd_histories.random_queues(rng)
    pair = Pair(seats, queues)
    for seat in seats:
        pair.wish(seat.id, OperatorState.READY)
    pair.wish(operator, state)
    for number in range(12):
        pair.wait(f"c-{number}", acd_histories.QUEUES[number % 3], 0, operator)
        pair.pass_time(10)
    assert all(status.state is not OperatorState.RINGING for status in pair.plain.history[operator])
