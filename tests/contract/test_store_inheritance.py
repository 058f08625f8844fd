"""What a controller inherits, on both databases, and in memory as the other tests have it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dialplan.acd.tally import Tally
from dialplan.inheritance import Heir, Inheritance, Stores
from ivr.seed_file import load
from kernel.events import Event, EventKind
from kernel.operator import OperatorState, OperatorStatus
from kernel.settings import Settings
from tests.support.memory_store import MemoryStore

MIDNIGHT = datetime(2026, 11, 24, 15, tzinfo=UTC)
"""In Japan."""
S = OperatorState
SEED = load(Settings(_env_file=None).seed_file)  # pyright: ignore[reportCallIssue]


def at(minutes: float) -> datetime:
    return MIDNIGHT + timedelta(minutes=minutes)


def changes(operator: str, *states: tuple[OperatorState, float]) -> list[OperatorStatus | Event]:
    """Statuses as a controller writes them, with their events."""
    written: list[OperatorStatus | Event] = []
    for state, minutes in states:
        call = "c-1" if state in {S.RINGING, S.TALKING, S.WRAP_UP} else None
        status = OperatorStatus(operator, state, at(minutes), call=call)
        event = Event(EventKind.OPERATOR_CHANGED, at(minutes), call, operator, data={"state": state.value})
        written += [status, event]
    return written


def offered(minutes: float, **data: int) -> Event:
    return Event(EventKind.CALL_OFFERED, at(minutes), "c-1", "sato", "enquiries", data=data)


NIGHT = [
    *changes("sato", (S.PAUSED, -120), (S.READY, -90), (S.TALKING, -10), (S.WRAP_UP, 5), (S.READY, 6)),
    *changes("suzuki", (S.READY, -300), (S.RINGING, 20), (S.READY, 21)),
    *changes("takahashi", (S.LOGGED_OUT, -400)),
    *(offered(30 + number, on_duty=2, waited_seconds=60) for number in range(10)),
    offered(41),
    Event(EventKind.CALL_ABANDONED, at(42), "c-2", None, "enquiries", data={"waited_seconds": 30.0}),
]


@pytest.fixture(params=["real", "memory"])
async def stores(request, store) -> Stores:
    """With all that was written in the night, the real ones on both databases."""
    if request.param == "memory":
        memory = MemoryStore(SEED)
        memory.write(*NIGHT)
        return Stores(memory, memory, memory, memory, memory, memory)
    await store.centres.save(SEED, by="test", now=at(-1000), expected_version=0)
    for thing in NIGHT:
        store.journal.write(thing)
    await store.journal.flushed()
    return Stores(store.calls, store.operators, store.cases, store.centres, store.events, store.directory)


async def test_the_state_in_which_each_operator_came_to_midnight_is_found(stores):
    found = [stored.event for stored in await stores.events.opening(MIDNIGHT)]
    assert {(event.operator, event.data["state"], event.at) for event in found} == {
        ("sato", "talking", at(-10)),
        ("suzuki", "ready", at(-300)),
        ("takahashi", "logged_out", at(-400)),
    }


async def test_the_newest_events_of_some_kinds_are_read_oldest_first(stores):
    read = stores.events.of_kinds
    paced = await read({EventKind.CALL_OFFERED, EventKind.CALL_ABANDONED}, at(31), 100)
    assert [stored.event.at for stored in paced] == [at(minutes) for minutes in (*range(31, 40), 41, 42)]
    newest = await read({EventKind.CALL_OFFERED}, at(0), 3)
    assert [stored.event.at for stored in newest] == [at(38), at(39), at(41)]
    assert await read({EventKind.CALL_LOST}, at(-1000), 3) == []


def told(left: Inheritance) -> object:
    worked, pace = left.retold.worked, left.retold.pace
    known = [(worked.tally(one), worked.idle_since(one)) for one in ("sato", "suzuki", "takahashi")]
    return known, pace.expected("enquiries", 4, 2, at(50))


async def test_the_day_of_each_operator_and_the_pace_of_the_queue_are_known_again(stores):
    left = await Heir(stores, lambda: at(50)).inherit()
    worked = left.retold.worked
    assert worked.tally("sato") == Tally(0, timedelta(minutes=6), timedelta())
    assert (worked.tally("suzuki"), worked.idle_since("suzuki")) == (Tally(0, idle=timedelta(minutes=21)), at(-300))
    assert worked.tally("takahashi") == Tally()
    expected = left.retold.pace.expected("enquiries", 4, 2, at(50))
    assert expected is not None
    assert expected.mean == pytest.approx(timedelta(minutes=4), abs=timedelta(seconds=30))


async def test_what_came_after_the_reading_ahead_is_added_once(store):
    await store.centres.save(SEED, by="test", now=at(-1000), expected_version=0)
    stores = Stores(store.calls, store.operators, store.cases, store.centres, store.events, store.directory)
    ahead = Heir(stores, lambda: at(50))
    for part in (NIGHT[:11], NIGHT[11:20], NIGHT[20:]):
        await ahead.inherit()
        for thing in part:
            store.journal.write(thing)
        await store.journal.flushed()
    left, anew = await ahead.inherit(), await Heir(stores, lambda: at(50)).inherit()
    assert left.last_event == anew.last_event
    assert told(left)[1] == told(anew)[1]
    assert left.retold.worked.idle_since("sato") == anew.retold.worked.idle_since("sato")
