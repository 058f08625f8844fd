"""The caller's end on Asterisk: speech, keys, music. A channel that Asterisk knows no more has hung up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine
from datetime import datetime
from typing import Any, TypeVar

from dialplan.ari.client import Ari
from dialplan.ari.end import End
from dialplan.ari.errors import NotFound
from dialplan.ari.playing import stop_playing
from dialplan.ari.saying import Saying
from dialplan.ari.waiting_room import WaitingRoom
from dialplan.names import citizen
from kernel.announcement import Said, is_slow, words
from kernel.call import Call, CallerGone
from kernel.ports import Clock, Prompts

T = TypeVar("T")

BETWEEN_DIGITS_SECONDS = 3.0
BEEP, BEEP_SECONDS = "tone:1400", 0.5
APOLOGY = "apology"
"""The context of Asterisk's dialplan that apologises and hangs up."""


class AriLine:
    """Implements dialplan.switch.CallerLine for the citizen's channel of ``call``."""

    def __init__(
        self, ari: Ari, call: Call, room: WaitingRoom, prompts: Prompts, now: Clock, *, new: bool = False
    ) -> None:
        """``new``: the caller has come in on this very connection, and nothing was done to the channel yet."""
        self._ari = ari
        self._room = room
        self._id = id = citizen(call)
        self._prompts = prompts
        self._end = End(ari, id, now)
        self._new = self._unasked = new
        self._looking = None if self._new else self._look()
        self._saying = Saying(ari, id, new=new)
        self._ours = True

    async def answer(self) -> None:
        """Asterisk answers in the channel's turn, behind a prompt that is being said, and with all that the connection
        asks afterwards behind it: who may have been answered is looked at first."""
        unasked, self._unasked = self._unasked, False
        if not unasked:
            if not await self._end.look():
                raise CallerGone(await self._end.is_gone())
            if self._end.up.is_set():
                return
        await self._asked(self._ari.channels.answer(self._id))

    async def play(self, *texts: Said) -> None:
        await self.unless_gone(self._speak(texts))

    async def ask(self, *texts: Said, wait_seconds: float, digits: int = 1) -> str:
        if texts and not self._end.keys:
            await self._speak_until_a_key(texts)
        return await self.unless_gone(self._end.keys.collect(digits, wait_seconds, BETWEEN_DIGITS_SECONDS))

    async def key(self) -> str:
        self._end.keys.clear()
        return await self.unless_gone(self._end.keys.get())

    async def beep(self) -> None:
        await self.unless_gone(self._sound(BEEP, BEEP_SECONDS))

    async def hush(self) -> None:
        await self._saying.stop()

    async def pause(self) -> None:
        await self._saying.hold()

    def resume(self) -> None:
        self._saying.go_on()

    async def hold(self) -> None:
        await self.hush()
        new, self._new = self._new, False
        await self._asked(self._room.enter(self._id, new=new))

    async def apologise(self) -> None:
        await self._asked(self._ari.channels.continue_in_dialplan(self._id, context=APOLOGY, extension="s", priority=1))
        self._ours = False

    async def hang_up(self) -> None:
        if self._ours and not self._end.gone.done():
            try:
                await self._ari.channels.hangup(self._id)
            except NotFound:
                await self._end.is_gone()

    async def gone(self) -> datetime:
        return await asyncio.shield(self._end.gone)

    async def unless_gone(self, awaitable: Awaitable[T]) -> T:
        task = asyncio.ensure_future(awaitable)
        try:
            await asyncio.wait({task, self._end.gone}, return_when=asyncio.FIRST_COMPLETED)
            if self._end.gone.done():
                raise CallerGone(self._end.gone.result())
            return task.result()
        finally:
            if not task.done():
                task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def release(self) -> None:
        if self._looking:
            self._looking.cancel()
        self._end.release()

    def _look(self) -> asyncio.Task[bool]:
        """Who is greeted is asked for at once, so that only a line of a later stage may have lost its caller unseen."""
        looking = asyncio.create_task(self._end.look(), name=f"look at {self._id}")
        looking.add_done_callback(self._looked)
        return looking

    def _looked(self, looking: asyncio.Task[bool]) -> None:
        if not looking.cancelled() and (wrong := looking.exception()):
            self._end.fails(wrong)

    async def _asked(self, request: Coroutine[Any, Any, T]) -> T:
        """The one place where "no such channel" becomes a caller who has hung up."""
        try:
            return await request
        except NotFound:
            raise CallerGone(await self._end.is_gone()) from None

    async def _speak_until_a_key(self, texts: tuple[Said, ...]) -> None:
        """Return when all is said, or when a key was pressed and the speech has been stopped."""
        speaking = asyncio.create_task(self.play(*texts), name=f"prompt of {self._id}")
        key = asyncio.create_task(self._end.keys.some(), name=f"first key of {self._id}")
        try:
            await asyncio.wait({speaking, key}, return_when=asyncio.FIRST_COMPLETED)
            if speaking.done():
                speaking.result()
            else:
                await self.hush()
        finally:
            speaking.cancel()
            key.cancel()
            await asyncio.gather(speaking, key, return_exceptions=True)

    async def _speak(self, texts: tuple[Said, ...]) -> None:
        await self._asked(self._saying.say(self._media(texts)))

    async def _media(self, texts: tuple[Said, ...]) -> list[str]:
        return [await self._prompts.media(*words(text), slowly=is_slow(text)) for text in texts]

    async def _sound(self, tone: str, seconds: float) -> None:
        """A tone has no end of its own."""
        playback = self._saying.next_playback()
        await self._asked(self._ari.channels.play(self._id, [tone], playback_id=playback))
        await asyncio.sleep(seconds)
        await stop_playing(self._ari, playback)
