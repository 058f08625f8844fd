"""What supervisors talked, and mean times, recomputed plainly and slowly from a random floor."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from kernel.events import EventKind
from kernel.figures import quarter_of
from tests.support.random_floor import RandomFloor

SECOND = timedelta(seconds=1)


def plain_led(floor: RandomFloor, since, until) -> Counter:
    """Look at each call that a supervisor has, in each second: seconds by quarter, supervisor and call."""
    seen: Counter = Counter()
    for place, event in enumerate(floor.events):
        if event.kind is not EventKind.CALL_TAKEN_OVER:
            continue
        later = (one for one in floor.events[place + 1 :] if one.call == event.call and one.kind in LEADING_ENDS)
        end = next((one.at for one in later), until)
        second = event.at
        while second < end:
            if since <= second < until:
                seen[quarter_of(second), event.data["by"], event.call] += 1
            second += SECOND
    return seen


LEADING_ENDS = (EventKind.TALK_ENDED, EventKind.HAND_OVER_STARTED, EventKind.CALL_QUEUED)


def plain_means(one: Counter, handled: int) -> list[timedelta | None]:
    """Mean talk, hold, wrap-up, and their sum."""
    talk, hold, wrap_up = (timedelta(seconds=one[name]) for name in ("talk", "hold", "wrap_up"))
    talk += timedelta(seconds=one["led"])
    return [time / handled if handled else None for time in (talk, hold, wrap_up, talk + hold + wrap_up)]
