"""What the stages ask of the telephone exchange. ``dialplan.ari`` does it with Asterisk; tests do it in memory.

Every method of every part raises Detached when the connection to the exchange is lost: the call's task then ends with
nothing touched, and the call is resumed at its saved stage on the next connection.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol, TypeVar

from kernel.call import Call
from kernel.ports import Line

T = TypeVar("T")


class SwitchFailed(Exception):
    """The exchange did not do what was asked. In a stage it is the call's failure; elsewhere the connection's."""


class Detached(Exception):
    """The exchange can't be reached any more; calls live on there and are resumed later."""


class NotAnswered(Exception):
    """A phone that was rung did not answer.

    ``reason``: no_answer, busy, declined; no_such_number; unreachable: there is no way to it now; no_reply: nothing
    came back at all, neither ringing nor refusal; trunk_full: the trunk carries no further call; emergency: what may
    not be dialled there.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CallerLine(Line, Protocol):
    """The caller's end, as the stages see it."""

    async def unless_gone(self, awaitable: Awaitable[T]) -> T:
        """The awaitable's result; it is cancelled and CallerGone raised when the caller hangs up first."""
        ...

    async def gone(self) -> datetime:
        """Return when the caller has hung up, with the time of it."""
        ...

    async def key(self) -> str:
        """The next key that is pressed; what was pressed before is forgotten. Raises CallerGone."""
        ...

    async def beep(self) -> None:
        """A short tone, after which the caller's own words are expected."""
        ...

    async def hush(self) -> None:
        """Stop what is being spoken, if anything is."""
        ...

    async def pause(self) -> None:
        """Return when nothing is heard of what is being spoken, which ``resume`` lets go on; or ``hush`` ends it."""
        ...

    def resume(self) -> None:
        """Go on with what was paused, from the beginning of the phrase; harmless where nothing is."""
        ...

    async def hold(self) -> None:
        """Music, which goes on by itself after whatever is spoken meanwhile, until the caller joins a bridge."""
        ...

    async def apologise(self) -> None:
        """Send the caller to the exchange's own apology; the line is not ours any more."""
        ...

    async def hang_up(self) -> None:
        """End the call; harmless when it is over."""
        ...

    def release(self) -> None:
        """Stop watching the caller; does nothing to the call."""
        ...


class Leg(Protocol):
    """A phone that the centre rings: an operator's, or an extension of the city hall."""

    @property
    def id(self) -> str: ...

    @property
    def is_up(self) -> bool:
        """Whether it was answered, as far as was seen; it may be over since."""
        ...

    @property
    def fell_silent(self) -> bool:
        """Whether it is over without having been hung up, as far as is known: nothing came from the phone any more."""
        ...

    async def answered(self) -> None:
        """Return when somebody has answered; raises NotAnswered when that will not be."""
        ...

    async def gone(self) -> datetime:
        """Return when it is over, with the time of it."""
        ...

    async def hang_up(self) -> None:
        """Stop ringing or talking; harmless when it is over."""
        ...


class Switch(Protocol):
    """The exchange. Doing a step again is harmless: ids come from the call's, and what exists is taken over."""

    def line(self, call: Call) -> CallerLine:
        """The citizen's end of ``call`` (``names.citizen``); looks by itself whether somebody is still there."""
        ...

    async def ring(
        self, leg: str, endpoint: str, shows: str, seconds: int, *, name: str = "", answers_itself: bool = False
    ) -> Leg:
        """Ring ``endpoint`` for ``seconds``, showing ``shows`` and ``name``; or take over that leg.

        ``answers_itself``: the phone is asked to answer at once, which one that can does. Raises NotAnswered when there
        is no way to it.
        """
        ...

    async def find(self, leg: str) -> Leg | None:
        """The leg of that id, None when it is over."""
        ...

    async def hold(self, leg: str) -> None:
        """Let a phone that has answered hear music until it joins a bridge. Raises ChannelGone."""
        ...

    async def ring_back(self, leg: str, *, on: bool = True) -> None:
        """Let a phone that has answered hear a ringing tone, or no longer. Raises ChannelGone, if ``on``."""
        ...

    async def join(self, bridge: str, *channels: str) -> None:
        """Let ``channels`` hear each other in ``bridge``, made anew where it is missing (hard case 7), and nobody else.

        Raises ChannelGone when one of them has hung up.
        """
        ...

    async def spy(self, channel: str, ear: str, *, whisper: bool) -> None:
        """Make ``ear``, a channel that hears what ``channel``'s phone says and hears, or take over the one there is.

        With ``whisper`` what is said to it is heard by that phone alone. It ends with ``channel``; raises ChannelGone
        when that has hung up.
        """
        ...

    def hear(self, channel: str) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """What ``channel``'s phone says, 16 kHz, 16 bit, little endian. Entering raises ChannelGone, SwitchFailed."""
        ...

    async def part(self, bridge: str) -> None:
        """End the bridge, not its channels; harmless when there is none."""
        ...

    async def record(self, bridge: str, name: str) -> bool:
        """Record under ``name`` what is said in ``bridge``, until it is stopped or the bridge ends.

        False when a recording of that name runs, which goes on. Raises ChannelGone when the bridge is no more.
        """
        ...

    async def pause_recording(self, name: str) -> None:
        """Record nothing under ``name`` until ``resume_recording``; harmless when it is paused, or nothing runs."""
        ...

    async def resume_recording(self, name: str) -> None:
        """Record on; harmless when it is not paused, or nothing runs."""
        ...

    async def stop_recording(self, name: str) -> None:
        """Return when nothing is recorded under ``name`` any more and the file is complete."""
        ...

    async def send_away(self, channel: str, *, guided: bool) -> None:
        """Let the exchange itself tell a caller that the lines are busy, or give a busy tone; harmless when gone.

        One request, and the channel is not ours any more.
        """
        ...

    async def forget(self, call: str) -> None:
        """Drop what the exchange itself remembers of a call that is over."""
        ...


class ChannelGone(Exception):
    """The channel ``id`` has hung up, or the bridge of that id is no more."""

    def __init__(self, id: str) -> None:
        super().__init__(f"channel {id} is gone")
        self.id = id
