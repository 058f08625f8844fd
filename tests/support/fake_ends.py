"""The ends of calls on the exchange in memory: callers, and phones that are rung."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from dialplan.switch import ChannelGone, NotAnswered
from kernel.announcement import Said, is_slow, words
from kernel.call import CallerGone

T = TypeVar("T")


@dataclass
class Habit:
    """What a phone does when it rings: answers after ``answers_after`` seconds, or refuses with ``refuses``.

    ``obeys``: it answers by itself where it is asked to.
    """

    answers_after: float | None = None
    refuses: str | None = None
    obeys: bool = True


@dataclass
class FakeChannel:
    id: str
    over: asyncio.Future[datetime]
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    refused: str | None = None
    heard: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    music: bool = False
    silent: bool = False
    apologised: bool = False
    hushed: int = 0
    pauses: int = 0
    prompt: asyncio.Timeout | None = None
    left: float | None = None
    pressed: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    @property
    def alive(self) -> bool:
        return not self.over.done()

    def hears(self, *texts: Said) -> None:
        """``slow`` are those that are spoken slowly."""
        self.heard.extend(words(text)[0] for text in texts)
        self.slow.extend(words(text)[0] for text in texts if is_slow(text))


def here(channels: dict[str, FakeChannel], id: str) -> None:
    """Raises ChannelGone."""
    if id not in channels or not channels[id].alive:
        raise ChannelGone(id)


class RingingTones:
    """Which phones hear that somebody is rung."""

    channels: dict[str, FakeChannel]
    ringing_tones: set[str]

    def ask(self, what: str) -> None: ...

    async def ring_back(self, leg: str, *, on: bool = True) -> None:
        self.ask("ring_back")
        self.ringing_tones.discard(leg)
        if on:
            here(self.channels, leg)
            self.ringing_tones.add(leg)


class Exchange(Protocol):
    """What the ends need of the exchange."""

    channels: dict[str, FakeChannel]
    members: dict[str, set[str]]
    keys: dict[str, list[tuple[float, str]]]

    def ask(self, what: str) -> None: ...

    def hang_up(self, id: str) -> None: ...


class FakeLeg:
    def __init__(self, exchange: Exchange, id: str) -> None:
        self.exchange = exchange
        self.id = id

    @property
    def is_up(self) -> bool:
        return self.exchange.channels[self.id].answered.is_set()

    @property
    def fell_silent(self) -> bool:
        return self.exchange.channels[self.id].silent

    async def answered(self) -> None:
        channel = self.exchange.channels[self.id]
        waits = [asyncio.ensure_future(channel.answered.wait()), channel.over]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        waits[0].cancel()
        if not channel.answered.is_set():
            raise NotAnswered(channel.refused or "no_answer")

    async def gone(self) -> datetime:
        return await asyncio.shield(self.exchange.channels[self.id].over)

    async def hang_up(self) -> None:
        self.exchange.ask("hang_up")
        self.exchange.hang_up(self.id)


class FakeCaller:
    def __init__(self, exchange: Exchange, id: str) -> None:
        self.exchange = exchange
        self.id = id
        self.released = False
        self.entering = False

    @property
    def channel(self) -> FakeChannel:
        return self.exchange.channels[self.id]

    def _here(self) -> None:
        self.exchange.ask("line")
        if not self.channel.alive:
            raise CallerGone(self.channel.over.result())

    async def unless_gone(self, awaitable: Awaitable[T]) -> T:
        task = asyncio.ensure_future(awaitable)
        try:
            await asyncio.wait({task, self.channel.over}, return_when=asyncio.FIRST_COMPLETED)
            if self.channel.over.done():
                raise CallerGone(self.channel.over.result())
            return task.result()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def answer(self) -> None:
        self._here()

    async def play(self, *texts: Said) -> None:
        self._here()
        assert not self.entering, "a channel that plays enters no bridge"
        self.channel.hears(*texts)
        await self.unless_gone(asyncio.sleep(2 * len(texts)))

    async def ask(self, *texts: Said, wait_seconds: float, digits: int = 1) -> str:
        self._here()
        self.channel.hears(*texts)
        keys = self.exchange.keys.get(self.id)
        if not keys:
            return await self.unless_gone(self._pressed(2 * len(texts) + wait_seconds, digits))
        after, key = keys.pop(0)
        await self.unless_gone(asyncio.sleep(after))
        return key

    async def _pressed(self, first_seconds: float, digits: int) -> str:
        """As the real line collects them: fewer when none comes in time."""
        found = ""
        while len(found) < digits:
            try:
                async with asyncio.timeout(3.0 if found else first_seconds) as self.channel.prompt:
                    found += await self.channel.pressed.get()
            except TimeoutError:
                break
            finally:
                self.channel.prompt = None
        return found

    async def key(self) -> str:
        self._here()
        while not self.channel.pressed.empty():
            self.channel.pressed.get_nowait()
        return await self.unless_gone(self.channel.pressed.get())

    async def beep(self) -> None:
        self._here()
        self.channel.heard.append("beep")
        await self.unless_gone(asyncio.sleep(0.5))

    async def gone(self) -> datetime:
        return await asyncio.shield(self.channel.over)

    async def hush(self) -> None:
        self._here()
        self.channel.hushed += 1

    async def pause(self) -> None:
        """What is left of the prompt, and of the silence after it, begins to count again with ``resume``."""
        self._here()
        if (prompt := self.channel.prompt) and (ends := prompt.when()):
            self.channel.pauses += 1
            self.channel.left = ends - asyncio.get_running_loop().time()
            prompt.reschedule(None)

    def resume(self) -> None:
        if self.channel.prompt and self.channel.left is not None:
            self.channel.prompt.reschedule(asyncio.get_running_loop().time() + self.channel.left)
        self.channel.left = None

    async def hold(self) -> None:
        """A moment; speaking to the channel meanwhile would keep Asterisk from everything else until it is said."""
        self._here()
        self.entering = True
        await self.unless_gone(asyncio.sleep(0.01))
        self.entering = False
        for members in self.exchange.members.values():
            members.discard(self.id)
        self.channel.music = True

    async def apologise(self) -> None:
        self._here()
        self.channel.apologised = True
        self.released = True

    async def hang_up(self) -> None:
        self.exchange.ask("hang_up")
        if not self.released:
            self.exchange.hang_up(self.id)

    def release(self) -> None:
        self.released = True
