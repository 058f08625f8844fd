"""A call's way from its stored events. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent_console.journey.wording import Names, sentence
from kernel.call import Call, Stage
from kernel.centre import Centre
from kernel.events import Event, EventKind

ENDS_THE_REASONS = frozenset({EventKind.CALL_QUEUED, EventKind.CALL_OFFERED, EventKind.CALL_OVERFLOWED})
"""After one of these the last explanation no longer holds."""


@dataclass(frozen=True, slots=True)
class Step:
    """``after``: since the call came in. ``kind`` is the event's."""

    at: datetime
    after: timedelta
    kind: str
    text: str
    detail: str


@dataclass(frozen=True, slots=True)
class Waits:
    """Why a call waits now, as the controller said ``at``. ``told``: the minutes that the caller was told of."""

    since: datetime
    queue: str
    at: datetime
    position: int | None
    expected: timedelta | None
    because: tuple[str, ...]
    outlook: tuple[str, ...]
    told: int | None


@dataclass(frozen=True, slots=True)
class Journey:
    """``waits`` is None when the call does not wait, rings just now, or waits for too short a time."""

    call: Call
    queue: str
    operator: str
    steps: tuple[Step, ...]
    waits: Waits | None
    case: int | None

    @property
    def is_over(self) -> bool:
        return self.call.stage is Stage.ENDED


def journey(call: Call, events: Iterable[Event], centre: Centre) -> Journey:
    """``events``: the call's own, in the order of the log."""
    events, names = tuple(events), Names(centre)
    steps = [
        Step(event.at, event.at - call.arrived, event.kind.value, *said)
        for event in events
        if (said := sentence(event, names))
    ]
    return Journey(
        call=call,
        queue=names.queue(call.queue) if call.queue else "",
        operator=names.operator(call.operator) if call.operator else "",
        steps=tuple(sorted(steps, key=lambda step: step.at)),
        waits=_waits(call, events, names),
        case=_case(events),
    )


def _waits(call: Call, events: tuple[Event, ...], names: Names) -> Waits | None:
    if call.stage is not Stage.WAIT or call.offer or call.waiting_since is None:
        return None
    explained, told = None, None
    for event in events:
        if event.kind in ENDS_THE_REASONS:
            explained = None
        elif event.kind is EventKind.WAIT_EXPLAINED:
            explained = event
        elif event.kind is EventKind.WAIT_TOLD:
            told = event.data.get("minutes")
    if explained is None:
        return None
    data = explained.data
    position, seconds = data.get("position"), data.get("expected_seconds")
    return Waits(
        since=call.waiting_since,
        queue=names.queue(call.queue),
        at=explained.at,
        position=position if isinstance(position, int) else None,
        expected=timedelta(seconds=seconds) if isinstance(seconds, int | float) else None,
        because=_sentences(data.get("because")),
        outlook=_sentences(data.get("outlook")),
        told=told if isinstance(told, int) else None,
    )


def _case(events: tuple[Event, ...]) -> int | None:
    """The number of the case that has the call's history."""
    numbers = [event.data.get("number") for event in events if event.kind is EventKind.HISTORY_SAVED]
    return next((number for number in reversed(numbers) if isinstance(number, int)), None)


def _sentences(text: object) -> tuple[str, ...]:
    return tuple(one for one in str(text or "").split("。") if one)
