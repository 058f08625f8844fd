"""What the desk, the wallboard and recovery read of calls, on both databases; and the fake of the other tests."""

import asyncio
import os
import signal
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crm.calls import OutcomeCount
from crm.store import open_store
from ivr.seed_file import load
from kernel.call import Call, Outcome
from kernel.events import Event, EventKind
from kernel.operator import OperatorState, OperatorStatus
from kernel.phone_number import PhoneNumber, normalise
from kernel.transfer import Step
from tests.support.memory_store import MemoryStore

NUMBER = PhoneNumber("09012345678")
NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


def at(seconds):
    return NOON + timedelta(seconds=seconds)


def call(id, arrived=0):
    return Call(id, at(arrived), "0466251111")


@pytest.fixture
async def busy(store):
    """A morning: two wait, one talks, one gave up, one was answered and is over."""
    store.journal.write(
        call("talks", 1).waits_in("enquiries", at(2)).talks_with("sato", "leg", at(9)),
        call("waits-short", 2).waits_in("enquiries", at(20)),
        call("waits-long", 3).waits_in("exchange", at(5)),
        call("gave-up", 4).waits_in("enquiries", at(6)).is_over(at(30), Outcome.ABANDONED).is_closed(at(31)),
        call("over", 5).waits_in("enquiries", at(7)).talks_with("abe", "leg", at(8)).is_closed(at(60)),
        call("closed", -86_400).is_over(at(-86_300), Outcome.CLOSED).is_closed(at(-86_300)),
    )
    await store.journal.flushed()
    return store


def ids(calls):
    return [call.id for call in calls]


async def test_calls_that_wait_are_listed_longest_wait_first(busy):
    assert ids(await busy.calls.waiting()) == ["waits-long", "waits-short"]
    assert ids(await busy.calls.waiting("enquiries")) == ["waits-short"]


async def test_what_is_not_over_is_found_on_recovery_in_the_order_of_arrival(busy):
    assert ids(await busy.calls.unfinished()) == ["talks", "waits-short", "waits-long"]


async def test_a_transfer_is_read_back_at_the_step_that_it_had_come_to(busy):
    talks = await busy.calls.find("talks")
    asked = talks.consults("2301", "talks~city~2301~click", at(20)).transfers(Step.THREE)
    back = asked.comes_back("2301", "busy", "sato", at(40))
    for one in (asked, back):
        busy.journal.write(one)
        await busy.journal.flushed()
        assert await busy.calls.find("talks") == one
    busy.journal.write(asked)
    await busy.journal.flushed()
    assert ids(await busy.calls.talking()) == ["talks"], "it is on the wall still"


async def test_a_caller_who_gave_up_stays_findable_with_how_long_the_wait_was(busy):
    (gone,) = await busy.calls.abandoned(at(0))
    assert (gone.id, gone.ended - gone.waiting_since) == ("gave-up", timedelta(seconds=24))
    assert await busy.calls.abandoned(at(0), at(4)) == []


async def test_owed_callbacks_are_listed_apart_and_those_made_in_vain_stay_findable(busy):
    owed = call("calls-back", 1).waits_in("enquiries", at(1)).calls_back(NUMBER, at(9)).is_rung_after(at(20))
    vain = call("in-vain", 6).waits_in("exchange", at(7)).calls_back(NUMBER, at(9)).rings_citizen()
    busy.journal.write(owed, vain.is_over(at(99), Outcome.NOT_REACHED).is_closed(at(99)))
    await busy.journal.flushed()
    assert await busy.calls.called_back() == [owed]
    assert await busy.calls.called_back("exchange") == []
    assert "calls-back" not in ids(await busy.calls.waiting())
    assert ids(await busy.calls.abandoned(at(0))) == ["in-vain", "gave-up"]


async def test_a_days_calls_are_counted_by_queue_and_outcome(busy):
    counted = set(await busy.calls.outcomes(at(0), at(86_400)))
    assert counted == {
        OutcomeCount("enquiries", Outcome.ANSWERED, 2),
        OutcomeCount("enquiries", Outcome.ABANDONED, 1),
        OutcomeCount("enquiries", None, 1),
        OutcomeCount("exchange", None, 1),
    }
    assert ids(await busy.calls.between(at(2), at(4))) == ["waits-short", "waits-long"]


@pytest.fixture(params=["the store", "its fake"])
async def ports(request, store):
    """(journal, calls, operators, events): real, or as the tests in virtual time have them."""
    if request.param == "the store":
        return store.journal, store.calls, store.operators, store.events
    fake = MemoryStore(load(ROOT / "ivr/seeds/fujisawa.yaml"))
    return fake, fake, fake, fake


async def test_who_spoke_with_whom_is_found_by_a_mark_of_the_number_the_newest_last(ports):
    journal, calls, _, _ = ports
    first, second = normalise("09012345678"), normalise("0466251111")
    for place, (id, caller, operator) in enumerate(
        [("a", first, "sato"), ("b", second, "sato"), ("c", first, "suzuki"), ("d", None, "abe")]
    ):
        rung = replace(call(id), caller=caller)
        journal.write(rung, Event(EventKind.CALL_ANSWERED, at(place), call=id, operator=operator))
    await journal.flushed()
    assert await calls.last_talks(2) == [(calls.mark(second), "sato"), (calls.mark(first), "suzuki")]
    assert dict(await calls.last_talks(10)) == {calls.mark(second): "sato", calls.mark(first): "suzuki"}
    assert calls.mark(first) != calls.mark(second)


async def test_the_fake_store_of_other_tests_does_as_the_real_one(ports):
    journal, calls, operators, events = ports
    ready = OperatorStatus("sato", OperatorState.READY, NOON)
    journal.write(call("a"), Event(EventKind.CALL_ARRIVED, NOON, call="a"))
    journal.write(call("a").waits_in("enquiries", at(1)), call("b", 1), ready)
    journal.write(call("b", 1).is_closed(at(2)), Event(EventKind.CALL_ENDED, at(2), call="b"))
    journal.write(call("b", 1))
    await journal.flushed()
    assert await calls.find("a") == call("a").waits_in("enquiries", at(1))
    assert await calls.find("c") is None
    assert ids(await calls.unfinished()) == ["a"]
    assert await operators.statuses() == [ready]
    assert [(one.id, one.event.kind) for one in await events.since(0)] == [
        (1, EventKind.CALL_ARRIVED),
        (2, EventKind.CALL_ENDED),
    ]
    assert [one.id for one in await events.since(1)] == [2]
    assert [one.id for one in await events.since(0, 1)] == [1]
    assert await events.last_id() == 2


WRITER = """
import asyncio, sys
from datetime import UTC, datetime
from crm.keyring import Keyring
from crm.store import open_store
from kernel.call import Call
from kernel.phone_number import PhoneNumber

async def main():
    async with open_store(sys.argv[1], Keyring.from_json(sys.stdin.readline())) as store:
        for number in range(50):
            caller = PhoneNumber(f"0466{number:06}")
            store.journal.write(Call(f"c{number}", datetime.now(UTC), "0466251111", caller=caller))
        await store.journal.flushed()
        print("flushed", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_what_was_flushed_survives_a_writer_that_is_killed(url, keyring):
    writer = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WRITER, url, cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    writer.stdin.write(keyring.to_json().replace("\n", "").encode() + b"\n")
    line = await writer.stdout.readline()
    os.kill(writer.pid, signal.SIGKILL)
    await writer.communicate()
    assert line == b"flushed\n"
    async with open_store(url, keyring) as store:
        assert len(await store.calls.unfinished()) == 50
