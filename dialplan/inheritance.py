"""What the last controller has left in the store, read once, at the start of the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kernel.call import Call
from kernel.centre import Centre
from kernel.events import EventKind, StoredEvent
from kernel.operator import OperatorState, OperatorStatus
from kernel.ports import Calls, Centres, EventLog, Histories, Operators

LOOK_BACK = 2_000
"""Events among which the clicks of the last seconds are."""
TALKS = 10_000
"""Whose last operator is known."""


@dataclass(frozen=True, slots=True)
class Stores:
    """Where it is read from."""

    calls: Calls
    operators: Operators
    histories: Histories
    centres: Centres
    events: EventLog


@dataclass(frozen=True, slots=True)
class Inheritance:
    """``last_event`` was the newest when the reading began. ``written_up``: calls that are over, but for a wrap-up.

    ``histories``: calls whose history is saved, though an operator is still in wrap-up for it. ``clicks`` were done.
    ``talks``: who last spoke with whom, by the mark of the caller's number, oldest first.
    """

    last_event: int
    centre: Centre
    calls: Sequence[Call]
    statuses: Sequence[OperatorStatus]
    written_up: Sequence[Call]
    histories: Sequence[str]
    clicks: Sequence[str]
    talks: Sequence[tuple[bytes, str]]


async def inherited(stores: Stores) -> Inheritance:
    """Read it; raises what the store raises."""
    last_event = await stores.events.last_id()
    calls = await stores.calls.unfinished()
    statuses = await stores.operators.statuses()
    due = {status.call for status in statuses if status.state is OperatorState.WRAP_UP and status.call}
    over = [await stores.calls.find(call) for call in sorted(due - {call.id for call in calls})]
    latest = await stores.events.since(max(0, last_event - LOOK_BACK), LOOK_BACK)
    return Inheritance(
        last_event=last_event,
        centre=await stores.centres.current(),
        calls=calls,
        statuses=statuses,
        written_up=[call for call in over if call],
        histories=[call for call in sorted(due) if await stores.histories.is_written(call)],
        clicks=_clicks(latest),
        talks=await stores.calls.last_talks(TALKS),
    )


def _clicks(events: Sequence[StoredEvent]) -> Sequence[str]:
    settled = (one.event for one in events if one.event.kind in {EventKind.COMMAND_DONE, EventKind.COMMAND_REFUSED})
    return [str(event.data.get("command")) for event in settled]
