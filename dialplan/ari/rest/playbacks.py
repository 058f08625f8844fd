"""Sounds that are being played."""

from __future__ import annotations

from typing import Literal

from dialplan.ari.rest.group import Group
from dialplan.ari.values import Playback


class Playbacks(Group):
    """NotFound means that it has finished; for a moment after its end it may still be found."""

    async def get(self, id: str) -> Playback:
        return Playback.read(await self._ask("GET", ("playbacks", id)))

    async def stop(self, id: str) -> None:
        """Stop at once; PlaybackFinished follows."""
        await self._do("DELETE", ("playbacks", id))

    async def control(self, id: str, operation: Literal["restart", "pause", "unpause", "reverse", "forward"]) -> None:
        await self._do("POST", ("playbacks", id, "control"), {"operation": operation})
