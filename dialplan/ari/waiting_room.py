"""The bridge in which all callers wait."""

from __future__ import annotations

from dialplan.ari.client import Ari
from dialplan.ari.errors import Refused
from dialplan.ari.known import Knowledge

WAITING_ROOM = "waiting-room"
LISTENS = "holding_participant"
"""The role in which Asterisk's holding bridge entertains a channel (bridge_holding.c): music, unless told otherwise.
What "participant" of ARI's description names has no music."""


class WaitingRoom:
    """One holding bridge for all who wait. Asterisk gives music to whoever is in it, and needs no controller for it."""

    def __init__(self, ari: Ari, known: Knowledge) -> None:
        self._ari = ari
        self._known = known
        self._seen = False

    async def enter(self, channel: str, *, new: bool) -> None:
        """Hear the music; ``new``: the channel can't be there yet, since being let in twice is heard.

        One request where the room is known to be there, and the channel not to be. Raises NotFound when the channel has
        hung up.
        """
        elsewhere = new or self._known.is_elsewhere(channel, WAITING_ROOM)
        if not (self._seen and elsewhere and await self._let_in(channel)):
            there = await self._ari.bridges.create_with_id(WAITING_ROOM, type="holding")
            self._seen = True
            if channel not in there.channels:
                await self._ari.bridges.add_channel(WAITING_ROOM, [channel], role=LISTENS)
        self._known.put(WAITING_ROOM, [channel])

    async def _let_in(self, channel: str) -> bool:
        try:
            await self._ari.bridges.add_channel(WAITING_ROOM, [channel], role=LISTENS)
        except Refused:
            self._seen = False
        return self._seen
