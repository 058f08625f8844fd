"""One end of a call: a channel that is watched from before the first act on it to its hang-up."""

from __future__ import annotations

import asyncio
from datetime import datetime

import structlog

from dialplan.ari.client import Ari
from dialplan.ari.errors import ConnectionLost, NotFound
from dialplan.ari.events import (
    ChannelDestroyed,
    ChannelDtmfReceived,
    ChannelHangupRequest,
    ChannelStateChange,
    Dial,
    StasisEnd,
    StasisStart,
)
from dialplan.ari.keys import Keys
from dialplan.ari.values import Channel
from dialplan.switch import Detached
from kernel.ports import Clock

log = structlog.get_logger(__name__)

HANGUP_VARIABLE = "HUNGUP_{id}"
"""The global variable in which Asterisk's dialplan keeps when a caller hung up, for a controller that was away."""

CAUSE_SECONDS = 0.25
"""How long a phone that is gone waits for ChannelDestroyed, which comes within some milliseconds and says why."""
RANG = frozenset({"RINGING", "PROGRESS", "PROCEEDING"})
RINGS = frozenset({"Ringing", "Up"})
"""By Asterisk's Dial, and by the state of the channel: the far end has given a sign of life."""
IN_OUR_HANDS = "Stasis"
"""What a channel does that our application may move; a phone that was answered gets there by Asterisk's dialplan."""


class End:
    """``gone`` is when it hung up; ``up`` is set when it was answered and is in our hands.

    ``keys`` are the digits that were pressed; ``dialled`` is how the ringing went: ANSWER, BUSY, ..., "" where Asterisk
    sends no such event, as for a phone that is busy; ``rang``: a sign of life came before; ``cause`` is why it hung up
    (ITU-T Q.850), None where that was not seen. ``gone`` raises Detached when the connection is lost. A caller who came
    through the dialplan is gone at StasisEnd: Asterisk sends us nothing of that channel afterwards.
    """

    def __init__(self, ari: Ari, id: str, now: Clock, *, rung: bool = False) -> None:
        """``rung``: a phone that we have rung, of which Asterisk tells after StasisEnd why it hung up."""
        self.id = id
        self.up = asyncio.Event()
        self.gone: asyncio.Future[datetime] = asyncio.get_running_loop().create_future()
        self.gone.add_done_callback(_seen)
        self.keys = Keys()
        self.dialled = ""
        self.rang = False
        self.cause: int | None = None
        self._ari = ari
        self._now = now
        self._rung = rung
        self._left: asyncio.TimerHandle | None = None
        self._leave = ari.attend(id, self._take, self._lost)

    @property
    def is_over(self) -> bool:
        """Whether it was seen to hang up; a lost connection tells nothing."""
        return self.gone.done() and not self.gone.cancelled() and self.gone.exception() is None

    async def look(self) -> bool:
        """Read the channel once; False when it is gone, ``gone`` then says since when."""
        try:
            channel = await self._ari.channels.get(self.id)
        except NotFound:
            await self.is_gone()
            return False
        self._see(channel)
        return True

    async def is_gone(self) -> datetime:
        """Asterisk knows the channel no more: when did it hang up? Now, unless an event or the dialplan says when."""
        if not self.gone.done():
            at = await self._hung_up_at()
            self._over(at or self._now())
        return self.gone.result()

    def fails(self, wrong: BaseException) -> None:
        """Nobody knows whether it lives: whoever waits for it gets ``wrong``, instead of waiting for ever."""
        if not self.gone.done():
            self.gone.set_exception(wrong)

    def release(self) -> None:
        """Stop watching."""
        if self._left:
            self._left.cancel()
        self._leave()

    def _lost(self, lost: ConnectionLost) -> None:
        self.fails(Detached(str(lost)))

    def _take(self, event: object) -> None:
        match event:
            case ChannelHangupRequest(cause=cause):
                self.cause = self.cause or cause
            case ChannelDestroyed(at=at, cause=cause, channel=channel):  # the last word: the dialplan asks for one, too
                self.cause = cause
                self.rang = self.rang or channel.state in RINGS
                self._over(at)
            case StasisEnd(at=at) if self._rung:
                self._left = asyncio.get_running_loop().call_later(CAUSE_SECONDS, self._over, at)
            case StasisEnd(at=at):
                self._over(at)
            case Dial(status=status) if status:
                self.dialled = status
                self.rang = self.rang or status in RANG
            case StasisStart(channel=channel) | ChannelStateChange(channel=channel):
                self._see(channel)
            case ChannelDtmfReceived(digit=digit):
                if not self.keys.put(digit):
                    log.warning("a caller presses more keys than anybody asks for", channel=self.id)
            case _:
                pass

    def _see(self, channel: Channel) -> None:
        self.rang = self.rang or channel.state in RINGS
        if channel.state == "Up" and channel.application == IN_OUR_HANDS:
            self.up.set()

    def _over(self, at: datetime) -> None:
        if not self.gone.done():
            self.gone.set_result(at)
            self.release()

    async def _hung_up_at(self) -> datetime | None:
        value = await self._ari.asterisk.get_variable(HANGUP_VARIABLE.format(id=self.id))
        if not value.isdecimal():
            return None
        return datetime.fromtimestamp(int(value), tz=self._now().tzinfo)


def _seen(future: asyncio.Future[datetime]) -> None:
    """A loss of the connection that nobody waits for is no error."""
    if not future.cancelled():
        future.exception()
