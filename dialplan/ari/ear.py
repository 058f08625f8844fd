"""An ear on a caller's channel: what comes from the phone, and nothing of what the caller is told.

A snoop channel hears the phone alone, so that a prompt is never taken for speech; the caller stays where they are, and
what is played, keys and hang-up go their ordinary ways. It costs a bridge of two for as long as somebody listens.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from uuid import uuid4

import structlog

from dialplan.ari.client import Ari
from dialplan.ari.errors import NoReply, NotFound, Refused
from dialplan.ari.events import ChannelDestroyed, Event, StasisStart
from dialplan.ari.inbox import Inbox
from dialplan.ari.media import MediaFailed
from dialplan.names import EarNames, ear_names
from dialplan.switch import ChannelGone, Detached

log = structlog.get_logger(__name__)

FORMAT = "slin16"
OPEN_SECONDS = 3.0


@asynccontextmanager
async def listen_to(ari: Ari, channel: str) -> AsyncGenerator[AsyncIterator[bytes]]:
    """What ``channel``'s phone says, as it comes: 16 kHz, 16 bit, little endian, mono, silence included.

    Raises ChannelGone, and MediaFailed where there is no way for the sound.
    """
    names = ear_names(channel, uuid4().hex[:8])
    async with AsyncExitStack() as stack:
        stack.push_async_callback(_end, ari, names.spy, names.way, names.bridge)
        inbox = stack.enter_context(ari.listen(names.way))
        try:
            connection = await ari.channels.media_socket(names.way, FORMAT)
            frames = await stack.enter_async_context(ari.media.open(connection))
            await _in_our_hands(inbox)
            await _spy(ari, channel, names)
        except Refused as refused:
            raise MediaFailed(f"nobody can listen to {channel}: {refused}") from refused
        yield frames


async def _spy(ari: Ari, channel: str, names: EarNames) -> None:
    """What spies ends with the channel, at any moment."""
    try:
        await ari.channels.snoop(channel, snoop_id=names.spy, spy="in")
        await ari.bridges.create_with_id(names.bridge, type="mixing")
        await ari.bridges.add_channel(names.bridge, [names.spy, names.way])
    except NotFound:
        raise ChannelGone(channel) from None


async def _in_our_hands(inbox: Inbox[Event]) -> None:
    try:
        async with asyncio.timeout(OPEN_SECONDS):
            while True:
                match await inbox.get():
                    case StasisStart():
                        return
                    case ChannelDestroyed():
                        raise MediaFailed("the way of a caller's sound was ended before it began")
                    case _:
                        pass
    except TimeoutError:
        raise MediaFailed("the way of a caller's sound did not open in time") from None


async def _end(ari: Ari, spy: str, way: str, bridge: str) -> None:
    """What is left of it, also by a lost connection, is ended by the next one's sweep; the talk's result stands."""
    with suppress(Detached):
        for act in (ari.channels.hangup(spy), ari.channels.hangup(way), ari.bridges.destroy(bridge)):
            try:
                await act
            except NotFound:
                continue
            except (Refused, NoReply) as failed:
                log.error("part of an ear can't be ended yet", ear=bridge, why=str(failed))
