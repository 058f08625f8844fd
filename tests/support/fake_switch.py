"""An exchange in memory: phones with habits, callers who press keys and hang up, bridges and recordings."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from typing import TypeVar

from dialplan.names import citizen, owner, talk_bridge
from dialplan.switch import Arrival, ChannelGone, Detached, NotAnswered, Phone, Strain
from kernel.call import Call
from tests.support.fake_ends import FakeCaller, FakeChannel, FakeLeg, Habit

T = TypeVar("T")


class FakeSwitch:
    """Implements dialplan.switch.Switch and Link. It outlives the controllers that are connected to it."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.channels: dict[str, FakeChannel] = {}
        self.members: dict[str, set[str]] = {}
        self.habits: dict[str, Habit] = {}
        self.rung: list[tuple[str, str, str]] = []
        self.recordings: dict[str, str] = {}
        self.recorders: dict[str, str] = {}
        self.live_recordings: set[str] = set()
        self.paused_recordings: set[str] = set()
        self.phone_news: asyncio.Queue[Phone] = asyncio.Queue()
        self.keys: dict[str, list[tuple[float, str]]] = {}
        self.coming: asyncio.Queue[Arrival] = asyncio.Queue()
        self.detached = asyncio.Event()
        self.described: dict[str, Arrival] = {}
        self.gone_phones: set[str] = set()
        self.ears: dict[str, tuple[str, bool]] = {}
        self.breaks: dict[str, Exception] = {}
        self.strained = Strain()
        self.sent_away: dict[str, str] = {}

    # The world's side

    def call(self, id: str, shows: str | None = "09012345678", keys: str = "") -> FakeChannel:
        channel = self.channels[id] = FakeChannel(id, asyncio.get_running_loop().create_future())
        self.keys[id] = [(1.0, key) for key in keys]
        arrival = Arrival(id, self.now(), "0466251111", shows)
        self.described[id] = arrival
        self.coming.put_nowait(arrival)
        return channel

    def register(self, extension: str, here: bool) -> None:
        """A phone comes, or goes."""
        (self.gone_phones.discard if here else self.gone_phones.add)(extension)
        self.phone_news.put_nowait(Phone(extension, here))

    def press(self, id: str, keys: str) -> None:
        """Keys that are pressed now, whether somebody asks for them or not."""
        for key in keys:
            self.channels[id].pressed.put_nowait(key)

    def fall_silent(self, id: str) -> None:
        """Nothing comes from the phone any more, until the exchange ends its call."""
        self.channels[id].silent = True
        self.hang_up(id)

    def hang_up(self, id: str) -> None:
        channel = self.channels[id]
        if channel.alive:
            channel.over.set_result(self.now())
        for members in self.members.values():
            members.discard(id)
        for ear in [ear for ear, (spied, _) in self.ears.items() if id in (spied, ear)]:
            del self.ears[ear]
            if ear != id:
                self.hang_up(ear)
        for recorder in [one for one, recorded in self.recorders.items() if id in (one, recorded)]:
            del self.recorders[recorder]
            self._recorded(recorder)
            self.hang_up(recorder)

    def _recorded(self, recorder: str) -> None:
        ended = {name for name, by in self.recordings.items() if by == recorder}
        self.live_recordings -= ended
        self.paused_recordings -= ended

    def connect(self) -> FakeSwitch:
        self.detached = asyncio.Event()
        return self

    # What a stage asks

    @property
    def switch(self) -> FakeSwitch:
        return self

    def line(self, call: Call) -> FakeCaller:
        return FakeCaller(self, citizen(call))

    async def ring(
        self, leg: str, endpoint: str, shows: str, seconds: int, *, name: str = "", answers_itself: bool = False
    ) -> FakeLeg:
        self.ask("ring")
        if answers_itself and endpoint in self.gone_phones:
            raise NotAnswered("unreachable")
        if leg not in self.channels or not self.channels[leg].alive:
            channel = self.channels[leg] = FakeChannel(leg, asyncio.get_running_loop().create_future())
            self.rung.append((leg, endpoint, name or shows))
            by_itself = answers_itself and self.habits.get(endpoint, Habit()).obeys
            ringing = self._answers_itself(channel) if by_itself else self._ringing(channel, endpoint, seconds)
            asyncio.get_running_loop().create_task(ringing, name=f"phone {leg}")
        return FakeLeg(self, leg)

    async def _answers_itself(self, channel: FakeChannel) -> None:
        await asyncio.wait([channel.over], timeout=0.1)
        if channel.alive:
            channel.answered.set()

    async def _ringing(self, channel: FakeChannel, endpoint: str, seconds: int) -> None:
        habit = self.habits.get(endpoint, Habit())
        if habit.refuses:
            channel.refused = habit.refuses
        else:
            in_time = habit.answers_after is not None and habit.answers_after <= seconds
            await asyncio.wait([channel.over], timeout=habit.answers_after if in_time else seconds)
            if in_time and channel.alive:
                channel.answered.set()
            channel.refused = channel.refused or "no_answer"
        if not channel.answered.is_set():
            self.hang_up(channel.id)

    async def find(self, leg: str) -> FakeLeg | None:
        self.ask("find")
        channel = self.channels.get(leg)
        return FakeLeg(self, leg) if channel and channel.alive else None

    async def hold(self, leg: str) -> None:
        self.ask("hold")
        self._put(leg, None)

    async def join(self, bridge: str, *channels: str) -> None:
        self.ask("join")
        for id in channels:
            self._put(id, bridge)

    def _put(self, id: str, bridge: str | None) -> None:
        """Into ``bridge``, or to the music."""
        if id not in self.channels or not self.channels[id].alive:
            raise ChannelGone(id)
        for members in self.members.values():
            members.discard(id)
        if bridge:
            self.members.setdefault(bridge, set()).add(id)
        self.channels[id].music = bridge is None

    async def spy(self, channel: str, ear: str, *, whisper: bool) -> None:
        self.ask("spy")
        self._snoop(channel, ear)
        self.ears.setdefault(ear, (channel, whisper))

    def _snoop(self, channel: str, id: str) -> None:
        """One that ends with ``channel``, unless it is there."""
        if channel not in self.channels or not self.channels[channel].alive:
            raise ChannelGone(channel)
        if id not in self.channels or not self.channels[id].alive:
            self.channels[id] = FakeChannel(id, asyncio.get_running_loop().create_future())

    async def part(self, bridge: str) -> None:
        self.ask("part")
        self.members.pop(bridge, None)
        for recorder in [one for one in self.recorders if talk_bridge(owner(one) or "") == bridge]:
            self.hang_up(recorder)

    async def record(self, channel: str, recorder: str, name: str) -> bool:
        self.ask("record")
        self._snoop(channel, recorder)
        self.recorders[recorder] = channel
        began = name not in self.live_recordings
        self.live_recordings.add(name)
        self.recordings[name] = recorder
        return began

    async def pause_recording(self, name: str) -> None:
        self.ask("pause_recording")
        self.paused_recordings |= {name} & self.live_recordings

    async def resume_recording(self, name: str) -> None:
        self.ask("resume_recording")
        self.paused_recordings.discard(name)

    async def stop_recording(self, recorder: str, name: str) -> None:
        self.ask("stop_recording")
        assert self.recordings.get(name, recorder) == recorder
        if recorder in self.recorders:
            self.hang_up(recorder)

    async def send_away(self, channel: str, *, guided: bool) -> None:
        self.ask("send_away")
        self.sent_away[channel] = "guidance" if guided else "busy"
        self.hang_up(channel)

    async def forget(self, call: str) -> None:
        self.ask("forget")

    # What a controller asks

    async def ours(self) -> Sequence[str]:
        self.ask("ours")
        return [id for id, channel in self.channels.items() if channel.alive]

    async def bridges(self) -> Sequence[str]:
        return list(self.members)

    async def describe(self, channel: str) -> Arrival | None:
        return self.described.get(channel)

    async def arrivals(self) -> AsyncIterator[Arrival]:
        while arrival := await self._next(self.coming):
            yield arrival
        raise Detached("the cable is pulled")

    async def phones(self) -> AsyncIterator[Sequence[Phone]]:
        """Each change; a phone is reachable until the contrary is told."""
        yield [Phone(extension, reachable=False) for extension in sorted(self.gone_phones)]
        while change := await self._next(self.phone_news):
            yield [change]

    async def _next(self, queue: asyncio.Queue[T]) -> T | None:
        """What comes next; None once the cable is pulled."""
        coming = asyncio.ensure_future(queue.get())
        lost = asyncio.ensure_future(self.detached.wait())
        try:
            await asyncio.wait([coming, lost], return_when=asyncio.FIRST_COMPLETED)
            return None if lost.done() else coming.result()
        finally:
            coming.cancel()
            lost.cancel()

    def strain(self) -> Strain:
        return self.strained

    async def probe(self) -> None:
        await self.detached.wait()

    def ask(self, what: str) -> None:
        """Every request fails when detached, or as ``breaks`` says."""
        if self.detached.is_set():
            raise Detached("the cable is pulled")
        if what in self.breaks:
            raise self.breaks[what]
