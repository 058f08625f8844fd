"""The store in memory that other tests use behaves as the real one does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ivr.seed_file import load
from kernel.bus.memory import MemoryBus
from kernel.call import Call, Offer, Outcome, Stage
from kernel.callback import Callback
from kernel.events import Event, EventKind
from kernel.operator import OperatorState, OperatorStatus
from kernel.phone_number import normalise
from kernel.settings import Settings
from tests.support.memory_store import MemoryStore
from tests.support.store import fresh_store

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
CALL = Call("centre-1.1", NOON, "0466251111", normalise("09012345678"), queue="enquiries", waiting_since=NOON)


class Ports:
    """The ports of one store, whichever it is."""

    def __init__(self, journal, calls, operators, events) -> None:
        self.journal, self.calls, self.operators, self.events = journal, calls, operators, events


@pytest.fixture(params=["memory", "sqlite"])
async def ports(request, tmp_path) -> AsyncIterator[Ports]:
    if request.param == "memory":
        memory = MemoryStore(load(Settings().seed_file))
        yield Ports(memory, memory, memory, memory)
        return
    async with fresh_store(tmp_path, MemoryBus()) as store:
        yield Ports(store.journal, store.calls, store.operators, store.events)


async def test_a_call_is_read_as_it_was_written(ports: Ports):
    full = replace(
        CALL, stage=Stage.WAIT, keys=("1", "2"), offers=2, offer=Offer("sato", "centre-1.1~operator~sato~2", NOON)
    )
    ports.journal.write(full)
    await ports.journal.flushed()
    assert await ports.calls.find(CALL.id) == full
    assert list(await ports.calls.unfinished()) == [full]


@pytest.mark.parametrize("caller", [None, normalise("0466112222")])
@pytest.mark.parametrize("due", [None, NOON + timedelta(minutes=15)])
async def test_a_callback_is_read_as_it_was_written(ports: Ports, caller, due):
    callback = Callback(normalise("09012345678"), NOON, due, attempts=2, ringing=True)
    call = replace(CALL, stage=Stage.CALL_BACK, caller=caller, callback=callback)
    ports.journal.write(call)
    await ports.journal.flushed()
    assert await ports.calls.find(CALL.id) == call
    assert list(await ports.calls.unfinished()) == [call]


async def test_what_has_ended_stays_ended(ports: Ports):
    over = CALL.is_over(NOON, Outcome.ABANDONED).is_closed(NOON)
    ports.journal.write(over)
    ports.journal.write(replace(CALL, stage=Stage.WAIT))
    await ports.journal.flushed()
    assert await ports.calls.find(CALL.id) == over
    assert not await ports.calls.unfinished()


async def test_events_are_read_in_order_from_the_last_that_was_seen(ports: Ports):
    before = await ports.events.last_id()
    kinds = [EventKind.CALL_ARRIVED, EventKind.MENU_CHOSEN, EventKind.CALL_QUEUED]
    for second, kind in enumerate(kinds):
        event = Event(kind, NOON + timedelta(seconds=second), CALL.id, queue="enquiries", data={"key": "1"})
        ports.journal.write(CALL, event)
    await ports.journal.flushed()
    read = await ports.events.since(before)
    assert [stored.event.kind for stored in read] == kinds
    assert [stored.event.kind for stored in await ports.events.since(read[0].id)] == kinds[1:]
    assert len(await ports.events.since(before, limit=1)) == 1
    assert await ports.events.last_id() == read[-1].id


async def test_an_operator_has_the_last_state_that_was_written(ports: Ports):
    paused = OperatorStatus("sato", OperatorState.PAUSED, NOON, reason="休憩")
    ports.journal.write(OperatorStatus("sato", OperatorState.READY, NOON))
    ports.journal.write(paused)
    await ports.journal.flushed()
    assert list(await ports.operators.statuses()) == [paused]
