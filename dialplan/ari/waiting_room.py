"""The bridge in which all callers wait."""

from __future__ import annotations

import structlog

from dialplan.ari.client import Ari
from dialplan.ari.errors import Conflict, Refused
from dialplan.ari.known import Knowledge
from dialplan.ari.values import Bridge

log = structlog.get_logger(__name__)

WAITING_ROOM = "waiting-room"
ROOMS = 5
LISTENS = "holding_participant"
"""The role in which Asterisk's holding bridge entertains a channel (bridge_holding.c): music, unless told otherwise.
What "participant" of ARI's description names has no music."""


class WaitingRoom:
    """One holding bridge for all who wait. Asterisk gives music to whoever is in it, and needs no controller for it."""

    def __init__(self, ari: Ari, known: Knowledge) -> None:
        self._ari = ari
        self._known = known
        self._seen = False
        self._room = WAITING_ROOM

    async def enter(self, channel: str, *, new: bool) -> None:
        """Hear the music; ``new``: the channel can't be there yet, since being let in twice is heard.

        One request where the room is known to be there, and the channel not to be. Raises NotFound when the channel has
        hung up.
        """
        room = self._room  # another caller may open the next one meanwhile
        elsewhere = new or self._known.is_elsewhere(channel, room)
        if not (self._seen and elsewhere and await self._let_in(channel, room)):
            there = await self._opened()
            room, self._seen = there.id, True
            if channel not in there.channels:
                await self._ari.bridges.add_channel(room, [channel], role=LISTENS)
        self._known.put(room, [channel])

    async def _opened(self) -> Bridge:
        """The room, or the next one: Asterisk may hold a bridge's id for ever that it has taken down, seen in 22.10."""
        for number in range(ROOMS):
            room = f"{WAITING_ROOM}-{number}" if number else WAITING_ROOM
            try:
                there = await self._ari.bridges.create_with_id(room, type="holding")
            except Conflict:
                log.error("Asterisk keeps the id of a waiting room that is no more; another is opened", room=room)
            else:
                self._room = there.id
                return there
        raise RuntimeError(f"none of {ROOMS} waiting rooms can be opened: restart Asterisk")

    async def _let_in(self, channel: str, room: str) -> bool:
        try:
            await self._ari.bridges.add_channel(room, [channel], role=LISTENS)
        except Refused:
            self._seen = False
        return self._seen
