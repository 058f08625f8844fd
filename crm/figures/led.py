"""What supervisors talked in calls that they had taken over. Pure: calls' events in, stretches out.

A supervisor has no state in the log, so the call's own events tell: from the take-over until the talk ends, the caller
is handed over, or goes back into a queue.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from crm.figures.stretches import Stretch
from kernel.events import Event, EventKind

LED = "talking"
ENDS = frozenset(
    {
        EventKind.TALK_ENDED,
        EventKind.HAND_OVER_STARTED,
        EventKind.CALL_QUEUED,
        EventKind.CALL_FAILED,
        EventKind.CALL_ENDED,
    }
)


def led(events: Iterable[Event], ended: Mapping[str, datetime], since: datetime, until: datetime) -> list[Stretch]:
    """The stretches from ``since`` up to ``until``; ``ended`` tells when calls were over, where that is known."""
    current: dict[str, Stretch] = {}
    done: list[Stretch] = []
    for event in events:
        call = event.call or ""
        ends = event.kind in ENDS or event.kind is EventKind.CALL_TAKEN_OVER
        if ends and (before := current.pop(call, None)):
            done.append(replace(before, ends=max(before.begins, min(event.at, ended.get(call, event.at)))))
        if event.kind is EventKind.CALL_TAKEN_OVER and (by := event.data.get("by")):
            current[call] = Stretch(str(by), LED, call, event.at, until)
    cut = (replace(one, begins=max(one.begins, since), ends=min(one.ends, until)) for one in (*done, *current.values()))
    return [one for one in cut if one.begins < one.ends]
