"""A controller that has lost its lease without knowing it writes nothing over what its successor has written."""

import asyncio
from dataclasses import replace

import pytest

from crm.holder import Holder
from crm.lease import StoreLease
from crm.store import open_store
from kernel.call import Stage
from kernel.events import EventKind
from kernel.operator import OperatorState, OperatorStatus
from tests.support.facts import NOON, arrived, event


def lease_of(store, machine):
    return StoreLease(
        store.database, "controller", 2.0, holder=replace(Holder.this_process(), host=machine, space=machine)
    )


@pytest.fixture
async def other(url, keyring):
    async with open_store(url, keyring) as store:
        yield store


async def drives(store, machine):
    lease = lease_of(store, machine)
    await lease.take()
    store.journal.under(lease.fence)
    return lease


async def test_rows_of_a_holder_that_was_replaced_are_refused_and_it_is_told(store, other):
    stalled = await drives(store, "a")
    store.journal.write(arrived(), event())
    await store.journal.flushed()
    await stalled.release()
    await drives(other, "b")
    newer = arrived().waits_in("enquiries", NOON).talks_with("sato", "leg", NOON)
    other.journal.write(newer, event(EventKind.CALL_ANSWERED))
    await other.journal.flushed()
    store.journal.write(arrived().waits_in("enquiries", NOON), event(EventKind.CALL_ABANDONED))
    store.journal.write(OperatorStatus("sato", OperatorState.PAUSED, NOON))
    await store.journal.flushed()
    await asyncio.wait_for(store.journal.shut_out(), 10)
    assert store.journal.refused == 2
    assert await other.calls.find("centre-1.1") == newer
    assert await other.operators.statuses() == []
    kinds = [one.event.kind for one in await other.events.since(0)]
    assert kinds == [EventKind.CALL_ARRIVED, EventKind.CALL_ANSWERED]


async def test_a_lease_that_was_taken_in_the_middle_of_a_write_waits_for_it_or_refuses_it(store, other):
    """The successor reads the store once the lease is its own: whatever is stored later it would not know."""
    stalled = await drives(store, "a")
    for number in range(200):
        store.journal.write(arrived(f"c{number}"))
    writing = asyncio.create_task(store.journal.flushed())
    await stalled.give(str(lease_of(other, "b").holder))
    known = {call.id for call in await other.calls.unfinished()}
    await writing
    assert {call.id for call in await other.calls.unfinished()} == known


async def test_who_takes_the_lease_again_writes_again_and_nothing_of_before_comes_through(store, other):
    first = await drives(store, "a")
    await first.release()
    store.journal.write(arrived("late"))
    await drives(store, "a")
    store.journal.write(arrived("new"))
    await store.journal.flushed()
    assert [call.id for call in await other.calls.unfinished()] == ["new"]


async def test_a_journal_without_a_lease_writes_as_ever(store, other):
    await drives(other, "b")
    store.journal.write(arrived())
    await store.journal.flushed()
    assert (await store.calls.find("centre-1.1")).stage is Stage.GREET
