"""Every event, in order, none twice, whatever the bus loses: the bus says that there is news, the log says what.

Also what another process has written that shares the log but not the bus, within LOOK_SECONDS.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

from kernel.events import StoredEvent
from kernel.ports import Bus, EventLog, Lagged

PAGE = 1000
LOOK_SECONDS = 1.0


async def news(bus: Bus, log: EventLog, after: int) -> AsyncGenerator[StoredEvent]:
    """Yield what the log holds after the event ``after``, then what comes, for ever.

    A gap in the ids (events that the bus lost, brought in another order, or that were rolled back) is filled from the
    log; so is what a reader missed that was too slow. Raises what the log raises.
    """
    last = after
    while True:
        async with bus.events() as live:
            async for missed in _pages(log, last):
                last = missed.id
                yield missed
            try:
                async for stored in _or_silence(live):
                    if stored is None:
                        async for missed in _pages(log, last):
                            last = missed.id
                            yield missed
                    elif stored.id == last + 1:
                        last = stored.id
                        yield stored
                    elif stored.id > last:
                        async for missed in _pages(log, last):
                            last = missed.id
                            yield missed
            except Lagged:
                continue


async def _or_silence(live: AsyncIterator[StoredEvent]) -> AsyncGenerator[StoredEvent | None]:
    """What comes, and None each time that nothing came for LOOK_SECONDS.

    A commit brings events by the dozen: they are read ahead by one task, so that none costs a task and a timer.
    """
    ahead: asyncio.Queue[StoredEvent | Exception] = asyncio.Queue(PAGE)
    reading = asyncio.create_task(_read_ahead(live, ahead), name="read the bus")
    try:
        while True:
            yield await _next(ahead)
    finally:
        reading.cancel()
        await asyncio.wait({reading})


async def _read_ahead(live: AsyncIterator[StoredEvent], ahead: asyncio.Queue[StoredEvent | Exception]) -> None:
    try:
        async for stored in live:
            await ahead.put(stored)
    except Exception as wrong:  # the reader's, at its turn
        await ahead.put(wrong)


async def _next(ahead: asyncio.Queue[StoredEvent | Exception]) -> StoredEvent | None:
    if ahead.empty():
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                came = await ahead.get()
        except TimeoutError:
            return None
    else:
        came = ahead.get_nowait()
    if isinstance(came, Exception):
        raise came
    return came


async def _pages(log: EventLog, last: int) -> AsyncGenerator[StoredEvent]:
    while page := await log.since(last, PAGE):
        for stored in page:
            yield stored
        last = page[-1].id
