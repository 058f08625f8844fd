"""Wait until what was asked for has begun. Asterisk's answer only says that it was asked, and until then it refuses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from dialplan.ari.errors import NoReply, NotFound, Refused
from dialplan.ari.events import ChannelDestroyed, Event, RecordingFailed, RecordingStarted, StasisStart
from dialplan.ari.fields import Fields
from dialplan.ari.inbox import Inbox
from dialplan.ari.request import Request, Send

BEGIN_SECONDS = 5.0

Listen = Callable[[str], Inbox[Event]]


async def begin(send: Send, listen: Listen, id: str, request: Request) -> Fields:
    """The answer, once the channel ``id`` is in our hands, or the recording of that name runs.

    Raises NotFound when the channel hung up first, Refused when the recording failed, NoReply after BEGIN_SECONDS.
    """
    with listen(id) as inbox:
        answer = Fields.of(await send(request))
        try:
            async with asyncio.timeout(BEGIN_SECONDS):
                await _begun(inbox, request)
        except TimeoutError:
            raise NoReply(f"{request.method} /{request.route}: was accepted and has not begun") from None
    return answer


async def _begun(inbox: Inbox[Event], request: Request) -> None:
    while True:
        match await inbox.get():
            case StasisStart() | RecordingStarted():
                return
            case ChannelDestroyed():
                raise NotFound(request.method, request.route, 404, "the channel hung up before it was in our hands")
            case RecordingFailed(recording=recording):
                raise Refused(request.method, request.route, 500, recording.cause or "the recording failed")
            case _:
                pass
