"""Recordings that run, and files that are left of them."""

from __future__ import annotations

from dialplan.ari.rest.group import Group
from dialplan.ari.values import LiveRecording, StoredRecording


class Recordings(Group):
    """NotFound means that none of that name runs, or that there is no such file."""

    async def live(self, name: str) -> LiveRecording:
        """The recording that runs under ``name``."""
        return LiveRecording.read(await self._ask("GET", ("recordings", "live", name)))

    async def stop(self, name: str) -> None:
        """End it and keep the file, which is complete at RecordingFinished."""
        await self._do("POST", ("recordings", "live", name, "stop"))

    async def pause(self, name: str) -> None:
        """Record nothing for a while; harmless when it is paused. The file goes on after it without a gap."""
        await self._do("POST", ("recordings", "live", name, "pause"))

    async def unpause(self, name: str) -> None:
        """Record on; harmless when it is not paused."""
        await self._do("DELETE", ("recordings", "live", name, "pause"))

    async def list_stored(self) -> tuple[StoredRecording, ...]:
        """The files in the recording folder."""
        answer = await self._ask_for_list("recordings", "stored")
        return tuple(StoredRecording.read(one) for one in answer)

    async def get_stored(self, name: str) -> StoredRecording:
        return StoredRecording.read(await self._ask("GET", ("recordings", "stored", name)))

    async def delete_stored(self, name: str) -> None:
        await self._do("DELETE", ("recordings", "stored", name))
