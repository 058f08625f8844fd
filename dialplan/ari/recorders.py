"""Recording by a snoop channel: to record a bridge would make it mix, which costs more than all else in a talk."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import structlog

from dialplan.ari.client import Ari
from dialplan.ari.errors import Conflict, NotFound, Refused
from dialplan.ari.events import ChannelDestroyed, RecordingFailed, RecordingFinished, StasisEnd
from dialplan.switch import ChannelGone

log = structlog.get_logger(__name__)

STOP_SECONDS = 5.0
RECORDED = (RecordingFinished, RecordingFailed, StasisEnd, ChannelDestroyed)
"""After any of these, of the recorder, the file is complete: it is closed before the channel leaves."""
MOST_SECONDS = 4 * 3600


class Recorders:
    """What dialplan.switch.Switch says of recordings."""

    def __init__(self, ari: Ari) -> None:
        self._ari = ari

    async def record(self, channel: str, recorder: str, name: str) -> bool:
        try:
            await self._ari.channels.snoop(channel, snoop_id=recorder, spy="both")
        except NotFound:
            raise ChannelGone(channel) from None
        except Refused:  # Asterisk has no word of its own for an id that is taken
            if not await self._lives(recorder):
                raise
        try:
            return await self._begins(recorder, name)
        except NotFound:
            raise ChannelGone(channel) from None
        except Refused:
            await self._end(recorder)
            raise

    async def pause(self, name: str) -> None:
        with suppress(NotFound):
            await self._ari.recordings.pause(name)

    async def resume(self, name: str) -> None:
        with suppress(NotFound):
            await self._ari.recordings.unpause(name)

    async def stop(self, recorder: str, name: str) -> None:
        with self._ari.listen(recorder, name) as inbox:
            try:
                if not await self._end(recorder):
                    await self._ari.recordings.stop(name)  # that of a bridge, begun by an earlier version
            except NotFound:
                return
            try:
                async with asyncio.timeout(STOP_SECONDS):
                    while not isinstance(await inbox.get(), RECORDED):
                        continue
            except TimeoutError:
                log.error("Asterisk does not say that a recording has ended", recording=name)

    async def _begins(self, recorder: str, name: str) -> bool:
        """Whether a recording begins. One that runs already, by whatever channel or bridge, is in conflict with it."""
        try:
            await self._ari.channels.record(
                recorder, name=name, format="wav", if_exists="append", max_duration_seconds=MOST_SECONDS
            )
        except Conflict:
            if (await self._ari.recordings.live(name)).target != recorder:
                await self._end(recorder)
            return False
        return True

    async def _end(self, recorder: str) -> bool:
        """Whether there was one."""
        try:
            await self._ari.channels.hangup(recorder)
        except NotFound:
            return False
        return True

    async def _lives(self, channel: str) -> bool:
        try:
            await self._ari.channels.get(channel)
        except NotFound:
            return False
        return True
