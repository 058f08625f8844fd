"""Whether events reach us. Asterisk can leave a socket without any that was opened just after another had closed.

Requests are answered on such a socket and the application is listed, so nothing but an event proves that it hears.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import uuid4

from dialplan.ari.errors import AriError, ConnectionLost, Ended, Why
from dialplan.ari.events import ChannelUserevent
from dialplan.ari.rest.user_events import UserEvents
from dialplan.ari.router import Router

HEARS_BY = ChannelUserevent.__name__
"""The type of event that is asked for: a connection that filters it out counts as deaf."""
HEAR_SECONDS = 5.0
EVERY_SECONDS = 5.0


class Audition:
    """Asks Asterisk for events now and then; ``end`` takes down a connection on which they don't come."""

    def __init__(self, router: Router, user_events: UserEvents, end: Callable[[Ended], Awaitable[None]]) -> None:
        self._router = router
        self._user_events = user_events
        self._end = end

    @asynccontextmanager
    async def held(self) -> AsyncGenerator[None]:
        """As long as the context lasts, a connection that is deaf is ended, loudly, to be made anew."""
        watching = asyncio.create_task(self._watch(), name="audition")
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    async def _watch(self) -> None:
        try:
            while True:
                if not await self._hears():
                    return await self._end(Ended(Why.DEAF))
                await asyncio.sleep(EVERY_SECONDS)
        except ConnectionLost:
            return None

    async def _hears(self) -> bool:
        """Whether an event that we ask for arrives within HEAR_SECONDS."""
        name = f"hears-{uuid4().hex}"
        with self._router.listen_all(ChannelUserevent) as inbox:
            try:
                async with asyncio.timeout(HEAR_SECONDS):
                    await self._user_events.generate(name)
                    while (await inbox.get()).name != name:
                        continue
            except ConnectionLost:
                raise
            except (AriError, TimeoutError):
                return False
        return True
