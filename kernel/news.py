"""Every event, in order, none twice, whatever the bus loses: the bus says that there is news, the log says what."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from kernel.events import StoredEvent
from kernel.ports import Bus, EventLog, Lagged

PAGE = 1000


async def news(bus: Bus, log: EventLog, after: int) -> AsyncGenerator[StoredEvent]:
    """Yield what the log holds after the event ``after``, then what comes, for ever.

    A gap in the ids (events that the bus lost, brought in another order, or that were rolled back) is filled from the
    log; so is what a reader missed that was too slow.
    """
    last = after
    while True:
        async with bus.events() as live:
            async for missed in _pages(log, last):
                last = missed.id
                yield missed
            try:
                async for stored in live:
                    if stored.id == last + 1:
                        last = stored.id
                        yield stored
                    elif stored.id > last:
                        async for missed in _pages(log, last):
                            last = missed.id
                            yield missed
            except Lagged:
                continue


async def _pages(log: EventLog, last: int) -> AsyncGenerator[StoredEvent]:
    while page := await log.since(last, PAGE):
        for stored in page:
            yield stored
        last = page[-1].id
