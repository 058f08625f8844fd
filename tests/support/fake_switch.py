"""An exchange in memory: phones with habits, callers who press keys and hang up, bridges and recordings."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import TypeVar

from dialplan.arrival import Arrival
from dialplan.connection import Phone
from dialplan.names import citizen
from dialplan.switch import ChannelGone, Detached, NotAnswered
from kernel.call import Call
from tests.support.fake_ends import FakeCaller, FakeChannel, FakeLeg, Habit, RingingTones, here
from tests.support.fake_link import FakeLink
from tests.support.speaking import Microphones

T = TypeVar("T")


class FakeSwitch(FakeLink, RingingTones):
    """Implements dialplan.switch.Switch and Link. It outlives the controllers that are connected to it."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__()
        self.now = now
        self.channels: dict[str, FakeChannel] = {}
        self.members: dict[str, set[str]] = {}
        self.habits: dict[str, Habit] = {}
        self.rung: list[tuple[str, str, str]] = []
        self.recordings: dict[str, str] = {}
        self.live_recordings: set[str] = set()
        self.paused_recordings: set[str] = set()
        self.keys: dict[str, list[tuple[float, str]]] = {}
        self.ears: dict[str, tuple[str, bool]] = {}
        self.breaks: dict[str, Exception] = {}
        self.sent_away: dict[str, str] = {}
        self.microphones = Microphones()
        self.ringing_tones: set[str] = set()

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
        here(self.channels, id)
        for members in self.members.values():
            members.discard(id)
        if bridge:
            self.members.setdefault(bridge, set()).add(id)
        self.channels[id].music = bridge is None

    async def spy(self, channel: str, ear: str, *, whisper: bool) -> None:
        self.ask("spy")
        here(self.channels, channel)
        if ear not in self.channels or not self.channels[ear].alive:
            self.channels[ear] = FakeChannel(ear, asyncio.get_running_loop().create_future())
        self.ears.setdefault(ear, (channel, whisper))

    def hear(self, channel: str) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        self.ask("hear")
        return self.microphones.hear(channel)

    async def part(self, bridge: str) -> None:
        self.ask("part")
        self.members.pop(bridge, None)
        self._recorded({name for name, recorded in self.recordings.items() if recorded == bridge})

    async def record(self, bridge: str, name: str) -> bool:
        self.ask("record")
        if bridge not in self.members:
            raise ChannelGone(bridge)
        began = name not in self.live_recordings
        self.live_recordings.add(name)
        self.recordings[name] = bridge
        return began

    def _recorded(self, names: set[str]) -> None:
        self.live_recordings -= names
        self.paused_recordings -= names

    async def pause_recording(self, name: str) -> None:
        self.ask("pause_recording")
        self.paused_recordings |= {name} & self.live_recordings

    async def resume_recording(self, name: str) -> None:
        self.ask("resume_recording")
        self.paused_recordings.discard(name)

    async def stop_recording(self, name: str) -> None:
        self.ask("stop_recording")
        self._recorded({name})

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

    def ask(self, what: str) -> None:
        """Every request fails when detached, or as ``breaks`` says."""
        if self.detached.is_set():
            raise Detached("the cable is pulled")
        if what in self.breaks:
            raise self.breaks[what]
