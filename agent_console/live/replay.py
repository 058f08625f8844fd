"""Where in the log a moment lies."""

from __future__ import annotations

from datetime import datetime

from kernel.ports import EventLog


async def id_before(log: EventLog, moment: datetime) -> int:
    """The id of the last event before ``moment`` (aware), 0 where there is none. Asks the log some 30 times at most.

    Halves the ids: events are stored in nearly the order in which they happened, so choose ``moment`` with a margin.
    """
    low, high = 0, await log.last_id()
    while low < high:
        middle = (low + high) // 2
        page = await log.since(middle, 1)
        if page and page[0].event.at < moment:
            low = page[0].id
        else:
            high = middle
    return low
