"""The bridge in which all callers wait."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from dialplan.ari.client import Ari
from dialplan.ari.errors import Conflict, Refused

WAITING_ROOM = "waiting-room"


class WaitingRoom:
    """One holding bridge for all who wait: its music needs one stream, and no controller to go on.

    Asterisk takes the music away when the last caller leaves, so whoever enters sees to it that there is some.
    """

    def __init__(self, ari: Ari) -> None:
        self._ari = ari
        self._seen = False
        self._door = asyncio.Lock()
        """One at a time: of two who enter together neither would find the room empty."""

    async def enter(self, channel: str, *, new: bool) -> None:
        """Hear the music; ``new``: the channel can't be there yet, since being let in twice is heard.

        Two requests where the room is known to be there, since the caller waits for them before a phone rings. Raises
        NotFound when the channel has hung up.
        """
        async with self._door:
            if not (self._seen and new and await self._let_in(channel)):
                there = await self._ari.bridges.create_with_id(WAITING_ROOM, type="holding")
                self._seen = True
                if channel in there.channels:
                    return
                await self._ari.bridges.add_channel(WAITING_ROOM, [channel])
            await self._see_to_music(channel)

    async def _let_in(self, channel: str) -> bool:
        try:
            await self._ari.bridges.add_channel(WAITING_ROOM, [channel])
        except Refused:
            self._seen = False
        return self._seen

    async def _see_to_music(self, channel: str) -> None:
        """Anew for one who is alone: the music of whoever was there before is gone, or about to go."""
        there = await self._ari.bridges.get(WAITING_ROOM)
        if set(there.channels) - {channel}:
            return
        with suppress(Conflict):  # there was none
            await self._ari.bridges.stop_moh(WAITING_ROOM)
        await self._ari.bridges.start_moh(WAITING_ROOM)
