"""Callers who gave up waiting, as both databases tell them (hard case 16)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from kernel.call import Call, Outcome
from kernel.events import Event, EventKind
from kernel.phone_number import PhoneNumber

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
CALLER = PhoneNumber("0466112233")


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def came(id: str, seconds: float, caller: PhoneNumber | None = CALLER) -> Call:
    return Call(id, at(seconds), "0466251111", caller=caller).waits_in("enquiries", at(seconds))


async def gave_up(store, call: Call, seconds: float, kind: EventKind = EventKind.CALL_ABANDONED) -> None:
    """Found out a minute late, as after a crash."""
    over = call.is_over(at(seconds), Outcome.ABANDONED).is_closed(at(seconds))
    store.journal.write(over, Event(kind, at(seconds + 60), call.id, queue="enquiries"))
    await store.journal.flushed()


async def test_the_wait_lasted_until_the_caller_hung_up_not_until_it_was_found_out(store):
    await gave_up(store, came("c-1", 0), 90)
    (one,) = await store.given_up.since(NOON)
    assert (one.waited, one.returned, one.is_open) == (timedelta(seconds=90), False, True)
    assert one.call.caller == CALLER
    assert not await store.given_up.since(at(151))


async def test_a_caller_lost_after_coming_back_waited_since_coming_back(store):
    queued = Event(EventKind.CALL_QUEUED, at(0), "c-1", queue="enquiries")
    back = Event(EventKind.CALL_QUEUED, at(300), "c-1", queue="enquiries")
    call = came("c-1", 0).talks_with("sato", "leg", at(10)).waits_in("enquiries", at(300))
    store.journal.write(call, queued, back)
    await gave_up(store, call, 340, EventKind.CALL_LOST)
    (one,) = await store.given_up.since(NOON)
    assert (one.waited, one.returned) == (timedelta(seconds=40), True)
    assert one.reached is None, "the talk before does not count"


async def test_a_later_talk_of_the_same_number_settles_it_and_an_earlier_one_or_a_withheld_number_does_not(store):
    early = came("c-0", 0).talks_with("sato", "leg", at(1)).is_closed(at(2))
    store.journal.write(early)
    await gave_up(store, came("c-1", 10), 20)
    await gave_up(store, came("c-2", 30, None), 40)
    store.journal.write(came("c-3", 45, None).talks_with("sato", "leg", at(50)))
    assert [one.is_open for one in await store.given_up.since(NOON)] == [True, True]
    store.journal.write(came("c-4", 60).talks_with("sato", "leg", at(65)))
    await store.journal.flushed()
    withheld, known = await store.given_up.since(NOON)
    assert (withheld.reached, known.reached) == (None, at(65))


async def test_of_two_who_settle_it_at_once_one_has_done_it(store):
    await gave_up(store, came("c-1", 0), 5)
    done = await asyncio.gather(*(store.given_up.settle("c-1", by, at(100)) for by in ("sato", "suzuki")))
    assert sorted(done) == [False, True]
    (one,) = await store.given_up.since(NOON)
    assert one.settled == (("sato", "suzuki")[done.index(True)], at(100))
