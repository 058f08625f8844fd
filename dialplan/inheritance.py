"""What the last controller has left in the store. Who waits to go on reads ahead what would take long to read."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from dialplan.acd.pace import STALE
from dialplan.acd.retold import PACED, Retold
from dialplan.acd.tally import day_of
from dialplan.texting import Texting
from kernel.call import Call
from kernel.centre import Centre
from kernel.events import EventKind, StoredEvent
from kernel.operator import OperatorState, OperatorStatus
from kernel.ports import Calls, Centres, Clock, Directory, EventLog, Histories, Operators

log = structlog.get_logger(__name__)

LOOK_BACK = 2_000
"""Events among which the clicks of the last seconds are."""
TALKS = 10_000
"""Whose last operator is known."""
MOST_CHANGES = 50_000
"""Of operators' states on one day: a hundred operators with a hundred calls each."""
MOST_OFFERS = 3_000
"""Of one hour; a queue's pace is told by its latest."""
PAGE = 1_000
LOOK_SECONDS = 2.0
RETRY_SECONDS = 5.0
CLICKS = frozenset({EventKind.COMMAND_DONE, EventKind.COMMAND_REFUSED})


@dataclass(frozen=True, slots=True)
class Stores:
    """Where it is read from. ``texting`` says whom a link may be offered by SMS; without it nobody."""

    calls: Calls
    operators: Operators
    histories: Histories
    centres: Centres
    events: EventLog
    directory: Directory
    texting: Texting = field(default_factory=Texting)


@dataclass(frozen=True, slots=True)
class Inheritance:
    """``last_event`` was the newest when the reading began. ``written_up``: calls that are over, but for a wrap-up.

    ``histories``: calls whose history is saved, though an operator is still in wrap-up for it. ``clicks`` were done.
    ``talks``: who last spoke with whom, by the mark of the caller's number, oldest first. ``retold``: what operators
    have done on this day of Japan, and how fast the queues have moved.
    """

    last_event: int
    centre: Centre
    calls: Sequence[Call]
    statuses: Sequence[OperatorStatus]
    written_up: Sequence[Call]
    histories: Sequence[str]
    clicks: Sequence[str]
    talks: Sequence[tuple[bytes, str]]
    retold: Retold


class Heir:
    """Of one controller, from before it drives. Its questions are bounded, and an index answers each."""

    def __init__(self, stores: Stores, now: Clock) -> None:
        self._stores = stores
        self._now = now
        self._last: int | None = None
        self._retold = Retold()
        self._clicks = deque[str](maxlen=LOOK_BACK)
        self._talks: Sequence[tuple[bytes, str]] = ()
        self._talked_since = 0

    async def keep_up(self) -> None:
        """Read ahead, for ever. A store that can't be read is asked again; ``inherit`` reads what is missing then."""
        failing = False
        while True:
            try:
                await self._read_ahead()
                failing = False
            except Exception as wrong:
                if not failing:
                    log.error("the standby can't read ahead; trying again", error=type(wrong).__name__)
                failing = True
            await asyncio.sleep(RETRY_SECONDS if failing else LOOK_SECONDS)

    async def inherit(self) -> Inheritance:
        """All of it as it is now; ``keep_up`` must not run any more. Raises what the store raises."""
        stores = self._stores
        last_event = await self._read_ahead()
        newest = await stores.calls.last_talks(self._talked_since) if self._talked_since else ()
        calls = await stores.calls.unfinished()
        statuses = await stores.operators.statuses()
        due = {status.call for status in statuses if status.state is OperatorState.WRAP_UP and status.call}
        over = [await stores.calls.find(call) for call in sorted(due - {call.id for call in calls})]
        return Inheritance(
            last_event=last_event,
            centre=await stores.centres.current(),
            calls=calls,
            statuses=statuses,
            written_up=[call for call in over if call],
            histories=[call for call in sorted(due) if await stores.histories.is_written(call)],
            clicks=tuple(self._clicks),
            talks=[*self._talks, *newest],
            retold=self._retold,
        )

    async def _read_ahead(self) -> int:
        """The id of the last event that was taken in."""
        if self._last is None or self._talked_since > TALKS // 2:
            return await self._read_all()
        while page := await self._stores.events.since(self._last, PAGE):
            self._take(page)
        return self._last

    async def _read_all(self) -> int:
        """The state before the day first, then what happened in it."""
        events, now = self._stores.events, self._now()
        last, midnight = await events.last_id(), day_of(now)
        opening = await events.opening(midnight)
        changes = await events.of_kinds({EventKind.OPERATOR_CHANGED}, midnight, MOST_CHANGES)
        offers = await events.of_kinds(PACED, now - STALE - timedelta(minutes=1), MOST_OFFERS)
        latest = await events.since(max(0, last - LOOK_BACK), LOOK_BACK)
        talks = await self._stores.calls.last_talks(TALKS)
        self._retold, self._talks, self._talked_since = Retold(), talks, 0
        self._clicks.clear()
        for stored in _until(last, (*opening, *changes, *offers)):
            self._retold.note(stored.event)
        self._clicks.extend(_clicks(_until(last, latest)))
        self._last = last
        return last

    def _take(self, page: Sequence[StoredEvent]) -> None:
        for stored in page:
            self._retold.note(stored.event)
            self._talked_since += stored.event.kind is EventKind.CALL_ANSWERED
        self._clicks.extend(_clicks(page))
        self._last = page[-1].id


def _until(last: int, events: Iterable[StoredEvent]) -> list[StoredEvent]:
    """Without those that came while others were read: they are taken in with the next page."""
    return [stored for stored in events if stored.id <= last]


def _clicks(events: Iterable[StoredEvent]) -> Iterable[str]:
    return (str(one.event.data.get("command")) for one in events if one.event.kind in CLICKS)
