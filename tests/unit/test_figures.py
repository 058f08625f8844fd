"""Figures, recomputed from the raw log by a model that is plain, slow and written apart."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.figures.contacts import contacts
from crm.figures.count import Logged, count
from kernel.events import Event, EventKind
from kernel.figures import NONE, Figures, OperatorFigures, QueueFigures, Rule, quarter_of, summed
from tests.support.plain_means import plain_led, plain_means
from tests.support.random_floor import MIDNIGHT, OPERATORS, QUEUES, RandomFloor

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
RULES = {"enquiries": Rule(), "exchange": Rule(timedelta(seconds=30), timedelta(seconds=3))}

floors = st.builds(RandomFloor, st.randoms(use_true_random=False), st.integers(1, 150))


def of_day(floor: RandomFloor, since, until) -> Logged:
    """All of the log: a reader brings less, and must not need to bring more."""
    changed = [event for event in floor.events if event.kind is EventKind.OPERATOR_CHANGED]
    before = {event.operator: event for event in changed if event.at < since}
    during = [event for event in floor.events if event not in changed or since <= event.at < until]
    return Logged(since, until, list(before.values()), during, floor.ended)


def plain_calls(floor: RandomFloor, since, until, now) -> dict[tuple, Counter]:
    figures: dict[tuple, Counter] = {}
    for call in {event.call for event in floor.events if event.kind is EventKind.CALL_QUEUED}:
        own = [event for event in floor.events if event.call == call and event.kind is not EventKind.OPERATOR_CHANGED]
        begin = next(event.at for event in own if event.kind is EventKind.CALL_QUEUED)
        at_once = (EventKind.CALL_ANSWERED, EventKind.CALLBACK_ASKED)
        ends = (*at_once, EventKind.CALL_ABANDONED, EventKind.CALL_FAILED)
        end = next((event for event in own if event.kind in ends), None)
        until_end = own[: own.index(end)] if end else own
        queue = [event.queue for event in until_end if event.kind is EventKind.CALL_QUEUED][-1]
        if not since <= begin < until:
            continue
        over = now if end is None else end.at if end.kind in at_once else min(end.at, floor.ended[call])
        wait = max(over - begin, NONE)
        later = own[own.index(end) + 1 :] if end else []
        kinds = Counter(event.kind for event in later)
        row = figures.setdefault((quarter_of(begin), queue), Counter())
        late = wait > RULES[queue].target
        kind = end.kind if end else None
        called_back = kind is EventKind.CALLBACK_ASKED
        row += Counter(
            offered=1,
            answered=kind is EventKind.CALL_ANSWERED,
            within=kind is EventKind.CALL_ANSWERED and not late,
            beyond=late,
            abandoned=kind is EventKind.CALL_ABANDONED,
            short=kind is EventKind.CALL_ABANDONED and wait <= RULES[queue].short,
            left=kind in (EventKind.CALL_FAILED, EventKind.CALLBACK_ASKED),
            callbacks=called_back,
            reached=called_back and kinds[EventKind.CALL_ANSWERED] > 0,
            given_up=called_back and kinds[EventKind.CALL_ANSWERED] == 0 and kinds[EventKind.CALL_ENDED] > 0,
            waiting=kind is None,
            pending=kind is None and not late,
            returned=kinds[EventKind.CALL_QUEUED] > 0,
            lost=kinds[EventKind.CALL_LOST] > 0,
            transfers=kinds[EventKind.HAND_OVER_ANSWERED],
            answered_wait=wait // SECOND if kind is EventKind.CALL_ANSWERED else 0,
            abandoned_wait=wait // SECOND if kind is EventKind.CALL_ABANDONED else 0,
        )
        row["longest_wait"] = max(row["longest_wait"], wait // SECOND)
    return figures


def plain_states(floor: RandomFloor, since, until) -> Counter:
    """Look at each operator in each second: seconds by quarter, operator, state and call."""
    seen: Counter = Counter()
    for operator in OPERATORS:
        own = [event for event in floor.events if event.operator == operator and "state" in event.data]
        second, last, left = since, None, list(own)
        while second < until:
            while left and left[0].at <= second:
                last = left.pop(0)
            if last and last.data["state"] != "logged_out":
                seen[quarter_of(second), operator, last.data["state"], last.call] += 1
            second += SECOND
    return seen


def means(figures: QueueFigures | OperatorFigures) -> list[timedelta | None]:
    return [figures.mean_talk, figures.mean_hold, figures.mean_wrap_up, figures.handling]


def seconds(figures: QueueFigures | OperatorFigures) -> Counter:
    """All that is not 0, times in seconds."""
    values = {field.name: getattr(figures, field.name) for field in fields(figures)}
    plain = {name: one // SECOND if isinstance(one, timedelta) else one for name, one in values.items()}
    return Counter({name: one for name, one in plain.items() if one})


@settings(max_examples=60, deadline=None)
@given(floors)
def test_every_figure_is_what_the_raw_log_adds_up_to(floor: RandomFloor):
    until = floor.now + timedelta(seconds=5)
    for since, end in ((MIDNIGHT - DAY, MIDNIGHT), (MIDNIGHT, MIDNIGHT + DAY)):
        figures = count(of_day(floor, since, end), RULES, until)
        expected = plain_calls(floor, since, end, until)
        seen = plain_states(floor, max(since, floor.now - timedelta(hours=30)), min(end, until))
        queue_of = {call: contact.queue for call, contact in contacts(floor.events, floor.ended).items()}
        for (quarter, _, state, call), time in seen.items():
            if name := {"talking": "talk", "wrap_up": "wrap_up"}.get(state):
                expected.setdefault((quarter, queue_of[call]), Counter())[name] += time
        led = plain_led(floor, since, min(end, until))
        for (quarter, _, call), time in led.items():
            expected.setdefault((quarter, queue_of[call]), Counter())["talk"] += time
        assert {key: seconds(one) for key, one in figures.queues.items()} == {k: +v for k, v in expected.items()}
        for key, one in figures.queues.items():
            plain = expected[key]
            assert means(one) == plain_means(plain, plain["answered"] + plain["reached"])
            wait = timedelta(seconds=plain["answered_wait"])
            assert one.speed_of_answer == (wait / plain["answered"] if plain["answered"] else None)
        names = {"talking": "talk"}
        worked: dict[tuple, Counter] = {}
        for (quarter, operator, state, _), time in seen.items():
            worked.setdefault((quarter, operator), Counter())[names.get(state, state)] += time
        for event in plain_deeds(floor, since, end):
            who = event.data.get("by", event.operator)
            worked.setdefault((quarter_of(event.at), who), Counter())[DEEDS[event.kind]] += 1
        for (quarter, supervisor, _), time in led.items():
            worked.setdefault((quarter, supervisor), Counter())["led"] += time
        assert {key: seconds(one) for key, one in figures.operators.items()} == worked
        for key, one in figures.operators.items():
            plain = worked[key]
            assert means(one) == plain_means(plain, plain["answered"] + plain["taken_over"])
            busy = sum(plain[name] for name in ("ringing", "talk", "wrap_up"))
            assert one.occupancy == (pytest.approx(busy / (busy + plain["ready"])) if busy + plain["ready"] else None)


DEEDS = {
    EventKind.CALL_ANSWERED: "answered",
    EventKind.OFFER_NOT_ANSWERED: "not_answered",
    EventKind.HAND_OVER_ANSWERED: "transfers",
    EventKind.CALL_TAKEN_OVER: "taken_over",
}


def plain_deeds(floor: RandomFloor, since, until) -> list[Event]:
    answers = [event for event in floor.events if event.kind is EventKind.CALL_ANSWERED]
    again = [
        event
        for place, event in enumerate(answers)
        if any((event.call, event.operator) == (one.call, one.operator) for one in answers[:place])
    ]
    own = [event for event in floor.events if event.kind in DEEDS and since <= event.at < until]
    return [event for event in own if event not in again]


@settings(max_examples=60, deadline=None)
@given(floors)
def test_operators_states_add_up_to_the_shift_across_midnight_in_japan_and_restarts(floor: RandomFloor):
    until = floor.now + timedelta(seconds=5)
    days = [count(of_day(floor, since, since + DAY), RULES, until) for since in (MIDNIGHT - DAY, MIDNIGHT)]
    shifts = summed([item for day in days for item in day.operators.items()], lambda key: key[1])
    for operator in OPERATORS:
        changes = [event for event in floor.events if event.operator == operator and "state" in event.data]
        ends = [*(event.at for event in changes[1:]), until]
        at_work = [end - one.at for one, end in zip(changes, ends, strict=False) if one.data["state"] != "logged_out"]
        assert shifts.get(operator, OperatorFigures()).shift == sum(at_work, NONE)


@settings(max_examples=60, deadline=None)
@given(floors)
def test_each_offered_call_is_in_one_column_and_one_day(floor: RandomFloor):
    until = floor.now
    days = [count(of_day(floor, since, since + DAY), RULES, until) for since in (MIDNIGHT - DAY, MIDNIGHT)]
    total = summed([item for day in days for item in day.queues.items()], lambda _: "all").get("all", QueueFigures())
    queued = {event.call for event in floor.events if event.kind is EventKind.CALL_QUEUED}
    assert total.offered == len(queued) == total.answered + total.abandoned + total.left + total.waiting
    assert total.within + total.beyond + total.pending >= total.answered
    assert (days[0] + days[1]).queues.keys() == days[0].queues.keys() | days[1].queues.keys()


def test_the_random_floors_reach_all_that_is_counted():
    total = QueueFigures()
    for seed in range(40):
        floor = RandomFloor(Random(seed), 150)
        for one in count(of_day(floor, MIDNIGHT - DAY, MIDNIGHT + DAY), RULES, floor.now).queues.values():
            total += one
    never = {"hold"}
    assert {field.name for field in fields(total) if not getattr(total, field.name)} == never
    assert set(QUEUES) == set(RULES)


def test_the_named_service_levels_differ_by_whom_they_leave_out():
    figures = QueueFigures(offered=12, pending=2, waiting=2, answered=6, within=4, abandoned=4, short=2)
    assert figures.service_level_of_offered == 4 / 10
    assert figures.service_level_of_answered == 4 / 6
    assert figures.service_level_without_short == 4 / 8
    assert figures.answer_rate == 6 / 10
    assert QueueFigures().service_level_of_offered is None


def test_a_state_that_a_newer_version_wrote_still_belongs_to_the_shift():
    changes = [
        Event(EventKind.OPERATOR_CHANGED, MIDNIGHT, None, "sato", data={"state": "coaching"}),
        Event(EventKind.OPERATOR_CHANGED, MIDNIGHT + timedelta(minutes=2), None, "sato", data={"state": "on_hold"}),
    ]
    logged = Logged(MIDNIGHT, MIDNIGHT + DAY, events=changes)
    (figures,) = count(logged, RULES, MIDNIGHT + timedelta(minutes=5)).operators.values()
    assert (figures.other, figures.hold, figures.shift) == tuple(timedelta(minutes=n) for n in (2, 3, 5))
    assert figures.occupancy == 1


def test_a_clock_that_was_set_back_makes_no_time_twice():
    changes = [
        Event(EventKind.OPERATOR_CHANGED, MIDNIGHT + timedelta(seconds=at), None, "sato", data={"state": state})
        for at, state in ((0, "ready"), (60, "paused"), (50, "ready"), (90, "logged_out"))
    ]
    figures = count(Logged(MIDNIGHT, MIDNIGHT + DAY, events=changes), RULES, MIDNIGHT + DAY)
    total = sum(figures.operators.values(), OperatorFigures())
    assert (total.shift, total.ready) == (timedelta(seconds=90), timedelta(seconds=90))


def test_figures_without_anything_are_empty():
    assert count(Logged(MIDNIGHT, MIDNIGHT + DAY), RULES, MIDNIGHT) == Figures()
