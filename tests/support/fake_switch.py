"""An exchange in memory: phones with habits, callers who press keys and hang up, bridges and recordings."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from dialplan.switch import Arrival, ChannelGone, Detached, NotAnswered, Phone
from kernel.call import Call, CallerGone

T = TypeVar("T")


@dataclass
class Habit:
    """What a phone does when it rings: answers after ``answers_after`` seconds, or refuses with ``refuses``."""

    answers_after: float | None = None
    refuses: str | None = None


@dataclass
class FakeChannel:
    id: str
    over: asyncio.Future[datetime]
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    refused: str | None = None
    heard: list[str] = field(default_factory=list)
    music: bool = False
    apologised: bool = False

    @property
    def alive(self) -> bool:
        return not self.over.done()


class FakeSwitch:
    """Implements dialplan.switch.Switch and Link. It outlives the controllers that are connected to it."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.channels: dict[str, FakeChannel] = {}
        self.members: dict[str, set[str]] = {}
        self.habits: dict[str, Habit] = {}
        self.rung: list[tuple[str, str, str]] = []
        self.recordings: dict[str, str] = {}
        self.live_recordings: set[str] = set()
        self.keys: dict[str, list[tuple[float, str]]] = {}
        self.coming: asyncio.Queue[Arrival] = asyncio.Queue()
        self.detached = asyncio.Event()
        self.described: dict[str, Arrival] = {}
        self.breaks: dict[str, Exception] = {}

    # The world's side

    def call(self, id: str, shows: str | None = "09012345678", keys: str = "") -> FakeChannel:
        channel = FakeChannel(id, asyncio.get_running_loop().create_future())
        self.channels[id] = channel
        self.keys[id] = [(1.0, key) for key in keys]
        arrival = Arrival(id, self.now(), "0466251111", shows)
        self.described[id] = arrival
        self.coming.put_nowait(arrival)
        return channel

    def hang_up(self, id: str) -> None:
        channel = self.channels[id]
        if channel.alive:
            channel.over.set_result(self.now())
        for members in self.members.values():
            members.discard(id)

    def connect(self) -> FakeSwitch:
        self.detached = asyncio.Event()
        return self

    # What a stage asks

    @property
    def switch(self) -> FakeSwitch:
        return self

    def line(self, call: Call) -> FakeCaller:
        return FakeCaller(self, call.id)

    async def ring(self, leg: str, endpoint: str, shows: str, seconds: int) -> FakeLeg:
        self.ask("ring")
        if leg not in self.channels or not self.channels[leg].alive:
            channel = FakeChannel(leg, asyncio.get_running_loop().create_future())
            self.channels[leg] = channel
            self.rung.append((leg, endpoint, shows))
            asyncio.get_running_loop().create_task(self._ringing(channel, endpoint, seconds), name=f"phone {leg}")
        return FakeLeg(self, leg)

    async def _ringing(self, channel: FakeChannel, endpoint: str, seconds: int) -> None:
        habit = self.habits.get(endpoint, Habit())
        if habit.refuses:
            channel.refused = habit.refuses
        elif habit.answers_after is None or habit.answers_after > seconds:
            await asyncio.wait([channel.over], timeout=seconds)
            channel.refused = "no_answer"
        else:
            await asyncio.wait([channel.over], timeout=habit.answers_after)
            if channel.alive:
                channel.answered.set()
                return
        self.hang_up(channel.id)

    async def find(self, leg: str) -> FakeLeg | None:
        self.ask("find")
        channel = self.channels.get(leg)
        return FakeLeg(self, leg) if channel and channel.alive else None

    async def join(self, bridge: str, *channels: str) -> None:
        self.ask("join")
        for id in channels:
            if id not in self.channels or not self.channels[id].alive:
                raise ChannelGone(id)
            self.members.setdefault(bridge, set()).add(id)

    async def part(self, bridge: str) -> None:
        self.ask("part")
        self.members.pop(bridge, None)

    async def record(self, bridge: str, name: str) -> None:
        self.ask("record")
        self.live_recordings.add(name)
        self.recordings[name] = bridge

    async def stop_recording(self, name: str) -> None:
        self.ask("stop_recording")
        self.live_recordings.discard(name)

    async def forget(self, call: str) -> None:
        self.ask("forget")

    # What a controller asks

    async def ours(self) -> Sequence[str]:
        return [id for id, channel in self.channels.items() if channel.alive]

    async def bridges(self) -> Sequence[str]:
        return list(self.members)

    async def describe(self, channel: str) -> Arrival | None:
        return self.described.get(channel)

    async def arrivals(self) -> AsyncIterator[Arrival]:
        while True:
            arrival = asyncio.ensure_future(self.coming.get())
            lost = asyncio.ensure_future(self.detached.wait())
            try:
                await asyncio.wait([arrival, lost], return_when=asyncio.FIRST_COMPLETED)
                if lost.done():
                    raise Detached("the cable is pulled")
                yield arrival.result()
            finally:
                arrival.cancel()
                lost.cancel()

    async def phones(self) -> AsyncIterator[Phone]:
        await self.detached.wait()
        return
        yield

    def ask(self, what: str) -> None:
        """Every request fails when detached, or as ``breaks`` says."""
        if self.detached.is_set():
            raise Detached("the cable is pulled")
        if what in self.breaks:
            raise self.breaks[what]


class FakeLeg:
    def __init__(self, exchange: FakeSwitch, id: str) -> None:
        self.exchange = exchange
        self.id = id

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
    def __init__(self, exchange: FakeSwitch, id: str) -> None:
        self.exchange = exchange
        self.id = id
        self.released = False

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

    async def play(self, *texts: str) -> None:
        self._here()
        self.channel.heard.extend(texts)
        await self.unless_gone(asyncio.sleep(2 * len(texts)))

    async def ask(self, *texts: str, wait_seconds: float, digits: int = 1) -> str:
        self._here()
        self.channel.heard.extend(texts)
        keys = self.exchange.keys[self.id]
        if not keys:
            await self.unless_gone(asyncio.sleep(2 * len(texts) + wait_seconds))
            return ""
        after, key = keys.pop(0)
        await self.unless_gone(asyncio.sleep(after))
        return key

    async def gone(self) -> datetime:
        return await asyncio.shield(self.channel.over)

    async def hush(self) -> None:
        self._here()

    async def start_music(self) -> None:
        self._here()
        self.channel.music = True

    async def stop_music(self) -> None:
        self._here()
        self.channel.music = False

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
