"""The bridge in which all callers wait."""

from __future__ import annotations

from dialplan.ari.client import Ari
from dialplan.ari.errors import Refused

WAITING_ROOM = "waiting-room"


class WaitingRoom:
    """One holding bridge for all who wait: its music needs one stream, and no controller to go on."""

    def __init__(self, ari: Ari) -> None:
        self._ari = ari
        self._seen = False

    async def enter(self, channel: str, *, new: bool) -> None:
        """Hear the music; ``new``: the channel can't be there yet, since being let in twice is heard.

        One request where the room is known to be there, since the caller waits for it before a phone rings. Raises
        NotFound when the channel has hung up.
        """
        if self._seen and new:
            try:
                await self._ari.bridges.add_channel(WAITING_ROOM, [channel])
            except Refused:
                self._seen = False
            else:
                return
        await self._look_and_enter(channel)

    async def _look_and_enter(self, channel: str) -> None:
        there = await self._ari.bridges.create_with_id(WAITING_ROOM, type="holding")
        if not there.channels:
            await self._ari.bridges.start_moh(WAITING_ROOM)
        self._seen = True
        if channel not in there.channels:
            await self._ari.bridges.add_channel(WAITING_ROOM, [channel])
