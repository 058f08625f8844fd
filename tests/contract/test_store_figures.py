"""Figures read from the store are those of the whole log, though it reads a day at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from crm.figures.count import Logged, count
from crm.store import Store
from kernel.call import Call, Outcome
from kernel.events import Event, EventKind
from kernel.figures import Figures, Rule
from kernel.operator import OperatorState, OperatorStatus
from tests.support.random_floor import MIDNIGHT, RandomFloor

DAY = timedelta(days=1)
RULES = {"enquiries": Rule()}


async def keep(store: Store, floor: RandomFloor) -> None:
    """As a controller would have written it."""
    for call in {event.call for event in floor.events if event.call}:
        row = Call(call, floor.events[0].at, "0466251111")
        if ended := floor.ended.get(call):
            row = row.is_over(ended, Outcome.ABANDONED).is_closed(ended)
        store.journal.write(row)
    for event in floor.events:
        if event.kind is EventKind.OPERATOR_CHANGED and event.operator:
            state = OperatorState(str(event.data["state"]))
            store.journal.write(OperatorStatus(event.operator, state, event.at, call=event.call), event)
        else:
            store.journal.write(event)
    await store.journal.flushed()


def from_the_whole_log(floor: RandomFloor, since, now) -> Figures:
    changed = [event for event in floor.events if event.kind is EventKind.OPERATOR_CHANGED]
    opening = {event.operator: event for event in changed if event.at < since}
    during = [event for event in floor.events if event not in changed or since <= event.at < since + DAY]
    return count(Logged(since, since + DAY, list(opening.values()), during, floor.ended), RULES, now)


@pytest.mark.parametrize("seed", range(3))
async def test_a_day_read_from_the_store_is_that_day_of_the_log(store: Store, seed: int):
    floor = RandomFloor(Random(seed), 300)
    await keep(store, floor)
    now = floor.now + timedelta(minutes=1)
    for since in (MIDNIGHT - DAY, MIDNIGHT):
        read = await store.figures.day(since, RULES, now)
        assert read == from_the_whole_log(floor, since, now)
        assert read.operators
    both = await store.figures.days(MIDNIGHT - DAY, 3, RULES, now)
    assert list(both[:2]) == [from_the_whole_log(floor, since, now) for since in (MIDNIGHT - DAY, MIDNIGHT)]
    assert both[2] == Figures()


async def test_what_callers_were_told_is_found_by_when_it_was_told_and_compared_with_what_came(store: Store):
    def event(kind: EventKind, seconds: float, call: str, **data) -> Event:
        return Event(kind, MIDNIGHT + timedelta(seconds=seconds), call, queue="enquiries", data=data)

    for call, minutes, answered in (("c-1", 2, 100), ("c-2", 2, 200), ("c-3", 3, None)):
        store.journal.write(event(EventKind.WAIT_TOLD, 10, call, minutes=minutes, expected_seconds=90))
        store.journal.write(event(EventKind.WAIT_TOLD, 40, call, minutes=1, expected_seconds=60))
        if answered:
            store.journal.write(event(EventKind.CALL_ANSWERED, answered, call))
    store.journal.write(event(EventKind.CALL_ANSWERED, 50, "c-4"))
    await store.journal.flushed()
    found = await store.figures.told(MIDNIGHT, MIDNIGHT + timedelta(minutes=1))
    assert set(found) == {"enquiries"}
    told = found["enquiries"]
    assert (told.calls, told.answered, told.within, told.coverage) == (3, 2, 1, 0.5)
    assert (told.mean_told, told.mean_waited) == (timedelta(minutes=2), timedelta(seconds=140))
    assert told.bias == pytest.approx(-20 / 140)
    assert told.mean_bias == pytest.approx(-50 / 140)
    assert await store.figures.told(MIDNIGHT + DAY, MIDNIGHT + 2 * DAY) == {}


async def test_a_day_that_is_over_is_remembered_and_a_changed_target_counts_it_anew(store: Store):
    floor = RandomFloor(Random(1), 300)
    await keep(store, floor)
    for call in floor.waiting:
        store.journal.write(Event(EventKind.CALL_ENDED, floor.now, call))
    await store.journal.flushed()
    later = MIDNIGHT + timedelta(days=2)
    first = await store.figures.day(MIDNIGHT, RULES, later)
    assert await store.figures.day(MIDNIGHT, RULES, later + DAY) is first
    patient = Rule(target=DAY)
    mild = await store.figures.day(MIDNIGHT, {"enquiries": patient, "exchange": patient}, later)
    assert sum(one.beyond for one in first.queues.values()) > 0 == sum(one.beyond for one in mild.queues.values())


async def test_today_is_counted_anew_each_time_and_never_remembered(store: Store):
    waiting = Event(EventKind.CALL_QUEUED, MIDNIGHT, "c1", queue="enquiries")
    store.journal.write(Call("c1", MIDNIGHT, "0466251111"), waiting)
    await store.journal.flushed()
    now = MIDNIGHT + timedelta(seconds=4)
    (before,) = (await store.figures.day(MIDNIGHT, RULES, now)).queues.values()
    assert (before.waiting, before.pending, before.longest_wait) == (1, 1, timedelta(seconds=4))
    store.journal.write(replace(waiting, kind=EventKind.CALL_ANSWERED, at=now, operator="sato"))
    await store.journal.flushed()
    (after,) = (await store.figures.day(MIDNIGHT, RULES, now)).queues.values()
    assert (after.waiting, after.answered, after.within) == (0, 1, 1)
