"""What each operator did from when to when. Pure: the changes in, stretches that leave no gap out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kernel.events import Event
from kernel.figures import QUARTER, quarter_of

LOGGED_OUT = "logged_out"
PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Stretch:
    """``state`` is the log's word: one that a newer version wrote is kept as it is. ``reason`` is a pause's, or ""."""

    operator: str
    state: str
    call: str | None
    begins: datetime
    ends: datetime
    reason: str = ""


def stretches(changes: Iterable[Event], since: datetime, until: datetime) -> list[Stretch]:
    """The time from ``since`` to ``until`` (not included) by operator; ``changes`` are OPERATOR_CHANGED, as logged.

    The last change before ``since`` must be among them. A change that is dated before the one that precedes it in the
    log (the clock was set back) counts from that one's time, so that an operator's stretches are the shift, no more.
    """
    current: dict[str, Stretch] = {}
    done: list[Stretch] = []
    for event in changes:
        if event.operator is None:
            continue
        last = current.get(event.operator)
        begins = max(event.at, last.begins) if last else event.at
        if last:
            done.append(_ending(last, begins))
        state = str(event.data["state"])
        reason = str(event.data.get("reason") or "") if state == PAUSED else ""
        current[event.operator] = Stretch(event.operator, state, event.call, begins, until, reason)
    done += current.values()
    return [cut for stretch in done if (cut := _cut(stretch, since, until))]


def by_quarter(stretch: Stretch) -> Iterator[tuple[datetime, timedelta]]:
    """The stretch in parts, each within one quarter of an hour."""
    begins = stretch.begins
    while begins < stretch.ends:
        quarter = quarter_of(begins)
        ends = min(quarter + QUARTER, stretch.ends)
        yield quarter, ends - begins
        begins = ends


def _ending(stretch: Stretch, ends: datetime) -> Stretch:
    return replace(stretch, ends=ends)


def _cut(stretch: Stretch, since: datetime, until: datetime) -> Stretch | None:
    begins, ends = max(stretch.begins, since), min(stretch.ends, until)
    if begins >= ends or stretch.state == LOGGED_OUT:
        return None
    return replace(stretch, begins=begins, ends=ends)
