"""Figures read from the store are those of the whole log, though it reads a day at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest

from crm.figures import settling
from crm.figures.count import Logged, count
from crm.figures.kept import shape, whole_day
from crm.figures.settled import SETTLED, Counted, keep_day
from crm.store import Store
from ivr.seed_file import load
from kernel.call import Call, Outcome
from kernel.events import Event, EventKind
from kernel.figures import Figures, Rule, rules_of
from kernel.operator import OperatorState, OperatorStatus
from kernel.settings import Settings
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
    for since, day in zip((MIDNIGHT - DAY, MIDNIGHT), both[:2], strict=True):
        assert day == whole_day(from_the_whole_log(floor, since, now), since)
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


async def kept(store: Store) -> frozenset[datetime]:
    return await store.figures.kept(MIDNIGHT - 9 * DAY, MIDNIGHT + 9 * DAY, RULES)


async def over(store: Store, floor: RandomFloor) -> None:
    """The floor's log, and all its calls are over."""
    await keep(store, floor)
    for call in {event.call for event in floor.events if event.call}:
        row = Call(call, floor.events[0].at, "0466251111", queue="enquiries")
        store.journal.write(row.is_over(floor.now, Outcome.FAILED).is_closed(floor.now))
    for call in floor.waiting:
        store.journal.write(Event(EventKind.CALL_ENDED, floor.now, call))
    await store.journal.flushed()


async def test_a_day_that_is_over_is_kept_and_a_changed_target_counts_it_anew(store: Store):
    await over(store, RandomFloor(Random(1), 300))
    later = MIDNIGHT + timedelta(days=2)
    first = await store.figures.day(MIDNIGHT, RULES, later)
    assert await kept(store) == {MIDNIGHT}
    assert await store.figures.day(MIDNIGHT, RULES, later + DAY) == first
    assert (await store.figures.days(MIDNIGHT, 2, RULES, later + DAY))[0] == whole_day(first, MIDNIGHT)
    patient = Rule(target=DAY)
    mild = await store.figures.day(MIDNIGHT, {"enquiries": patient, "exchange": patient}, later)
    assert sum(one.beyond for one in first.queues.values()) > 0 == sum(one.beyond for one in mild.queues.values())
    assert await store.figures.day(MIDNIGHT, RULES, later) == first


async def test_shifts_are_the_same_kept_or_not_and_add_up_to_the_figures_of_their_operators(store: Store):
    await over(store, RandomFloor(Random(6), 300))
    later = MIDNIGHT + timedelta(days=2)
    counted = await store.figures.shifts(MIDNIGHT - DAY, 2, RULES, later)
    assert await kept(store) == {MIDNIGHT - DAY, MIDNIGHT}
    assert await store.figures.shifts(MIDNIGHT - DAY, 2, RULES, later) == counted
    for day, worked in zip(await store.figures.days(MIDNIGHT - DAY, 2, RULES, later), counted, strict=True):
        assert {one.operator: one.total for one in worked} == {
            operator: one.shift for (_, operator), one in day.operators.items() if one.shift
        }
    assert any(counted)


async def test_what_is_written_late_counts_the_kept_day_anew(store: Store):
    """A database that was away for hours takes its backlog when the day was counted already."""
    floor = RandomFloor(Random(2), 300)
    await over(store, floor)
    later = MIDNIGHT + timedelta(days=2)
    first = await store.figures.day(MIDNIGHT, RULES, later)
    assert await kept(store) == {MIDNIGHT}
    at = MIDNIGHT + timedelta(hours=20)
    row = Call("late", at, "0466251111").is_over(at, Outcome.ABANDONED).is_closed(at)
    told = [Event(kind, at, "late", queue="exchange") for kind in (EventKind.CALL_QUEUED, EventKind.CALL_ABANDONED)]
    store.journal.write(row, *told)
    await store.journal.flushed()
    assert not await kept(store)
    again = await store.figures.day(MIDNIGHT, RULES, later)
    assert sum(one.offered for one in again.queues.values()) == 1 + sum(one.offered for one in first.queues.values())
    assert await kept(store) == {MIDNIGHT}


async def test_a_day_is_not_kept_before_it_is_over_nor_while_one_of_its_calls_goes_on(store: Store):
    await over(store, RandomFloor(Random(3), 100))
    await store.figures.day(MIDNIGHT, RULES, MIDNIGHT + DAY + SETTLED - timedelta(seconds=1))
    assert not await kept(store)
    overnight = Call("overnight", MIDNIGHT + timedelta(hours=23), "0466251111").waits_in("enquiries", MIDNIGHT)
    store.journal.write(overnight)
    await store.journal.flushed()
    later = MIDNIGHT + timedelta(days=2)
    await store.figures.day(MIDNIGHT, RULES, later)
    assert not await kept(store)
    store.journal.write(overnight.is_over(later, Outcome.ABANDONED).is_closed(later))
    await store.journal.flushed()
    await store.figures.day(MIDNIGHT, RULES, later)
    assert await kept(store) == {MIDNIGHT}


async def test_what_came_while_a_day_was_being_counted_is_not_left_out_of_what_is_kept(store: Store):
    await over(store, RandomFloor(Random(4), 100))
    seen = await store.events.last_id()
    store.journal.write(Event(EventKind.CALL_ENDED, MIDNIGHT, "c-late"))
    await store.journal.flushed()
    await keep_day(store.database, MIDNIGHT, Counted(Figures(), ()), shape(RULES), seen)
    assert not await kept(store)


async def test_at_night_all_days_that_are_over_are_counted_and_kept(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(settling, "BETWEEN_DAYS_SECONDS", 0.0)
    await over(store, RandomFloor(Random(5), 300))
    await store.centres.save(load(Settings().seed_file), by="ueda", now=MIDNIGHT, expected_version=0)
    rules = rules_of(await store.centres.current())
    for now, days in ((MIDNIGHT + SETTLED / 2, set()), (MIDNIGHT + 2 * DAY, {MIDNIGHT - DAY, MIDNIGHT})):
        await settling.Settling(store.figures, store.centres, lambda now=now: now).look()
        assert await store.figures.kept(MIDNIGHT - 9 * DAY, MIDNIGHT + 9 * DAY, rules) == days


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
