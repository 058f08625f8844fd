"""Recording of a talk's bridge, which Asterisk then mixes.

A snoop channel on the caller costs Asterisk half as much, but was deaf to the supervisor in three of four take-overs,
to the end of the talk (docs/decisions/recording.md): what is missing from a recording is missing from the history.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

import structlog

from dialplan.ari.client import Ari
from dialplan.ari.errors import Conflict, NotFound
from dialplan.ari.events import RecordingFailed, RecordingFinished
from dialplan.switch import ChannelGone

log = structlog.get_logger(__name__)

STOP_SECONDS = 5.0
MOST_SECONDS = 4 * 3600


class Recorders:
    """What dialplan.switch.Switch says of recordings."""

    def __init__(self, ari: Ari) -> None:
        self._ari = ari

    async def record(self, bridge: str, name: str) -> bool:
        """One that runs already is in conflict with the request."""
        try:
            await self._ari.bridges.record(
                bridge, name=name, format="wav", if_exists="append", max_duration_seconds=MOST_SECONDS
            )
        except Conflict:
            await self._ari.recordings.live(name)
            return False
        except NotFound:
            raise ChannelGone(bridge) from None
        return True

    async def pause(self, name: str) -> None:
        with suppress(NotFound):
            await self._ari.recordings.pause(name)

    async def resume(self, name: str) -> None:
        with suppress(NotFound):
            await self._ari.recordings.unpause(name)

    async def stop(self, name: str) -> None:
        with self._ari.listen(name) as inbox:
            try:
                await self._ari.recordings.stop(name)
            except NotFound:
                return
            try:
                async with asyncio.timeout(STOP_SECONDS):
                    while not isinstance(await inbox.get(), RecordingFinished | RecordingFailed):
                        continue
            except TimeoutError:
                log.error("Asterisk does not say that a recording has ended", recording=name)
