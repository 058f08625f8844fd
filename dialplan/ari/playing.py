"""Sounds without an end of their own, and how they are ended."""

from __future__ import annotations

import asyncio

import structlog

from dialplan.ari.client import Ari
from dialplan.ari.errors import Conflict, NotFound
from dialplan.ari.events import PlaybackFinished
from dialplan.switch import ChannelGone

log = structlog.get_logger(__name__)

STOP_SECONDS = 0.3
STOP_TRIES = 5
RINGING = "tone:ring;tonezone=jp"
"""呼出音, as indications.conf writes it. Asterisk's own indication (``channels.ring``) was silent in a bridge."""


async def stop_playing(ari: Ari, playback: str) -> None:
    """Return when nothing is heard of it.

    Asterisk loses a stop that comes at a bad moment, and says that it is done; the channel could then not be moved,
    nor anything else be asked on this connection, until the end of the announcement.
    """
    with ari.listen(playback) as inbox:
        for _ in range(STOP_TRIES):
            try:
                await ari.playbacks.stop(playback)
            except NotFound:
                return
            except Conflict:
                log.info("a prompt can't be stopped yet", playback=playback)
            try:
                async with asyncio.timeout(STOP_SECONDS):
                    while not isinstance(await inbox.get(), PlaybackFinished):
                        continue
                return
            except TimeoutError:
                log.warning("a prompt goes on though it was stopped; asking again", playback=playback)


async def ring_back(ari: Ari, leg: str, *, on: bool) -> None:
    """Let the channel ``leg`` hear that somebody is rung, or no longer. Raises ChannelGone, if ``on``.

    One tone for each channel, by its id: also the next controller can end it.
    """
    playback = f"{leg}~ringing"
    await stop_playing(ari, playback)
    if on:
        try:
            await ari.channels.play(leg, [RINGING], playback_id=playback)
        except NotFound:
            raise ChannelGone(leg) from None
