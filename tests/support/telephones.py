"""The people outside, in tests: they ring, answer, speak and listen through the outside Asterisk's ARI."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import aiohttp
import numpy as np

from tests.support.asterisk import Instance
from tests.support.sound import RATE, Sound, loudest, read

Json = dict[str, Any]
PATIENCE_SECONDS = 30.0
PROBE_SECONDS = 2.0
BLOCK_SECONDS = 0.2
LOUD = 0.05

_numbers = count(1)


class Events:
    """All that an application's WebSocket has said since it was opened."""

    def __init__(self, instance: Instance, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.instance = instance
        self.seen: list[Json] = []
        self._socket = socket
        self._news = asyncio.Condition()

    async def read(self) -> None:
        async for message in self._socket:
            async with self._news:
                self.seen.append(json.loads(message.data))
                self._news.notify_all()

    async def heard(self) -> bool:
        """Whether events come. Asterisk, late with the end of the last socket, may have made this one deaf."""
        await self.instance.ari("POST", "/events/user/here", application=self.instance.app)
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                await self.wait("ChannelUserevent")
        except TimeoutError:
            return False
        return True

    async def wait(self, type: str, what: Callable[[Json], bool] = lambda _: True) -> Json:
        """The first event of that type for which ``what`` holds, past or to come."""

        def found() -> Json | None:
            return next((event for event in self.seen if event["type"] == type and what(event)), None)

        try:
            async with asyncio.timeout(PATIENCE_SECONDS), self._news:
                await self._news.wait_for(lambda: found() is not None)
        except TimeoutError:
            raise AssertionError(await self._instead(type)) from None
        event = found()
        assert event is not None
        return event

    async def _instead(self, type: str) -> str:
        """What there is where an event does not come."""
        said = [f"{event['type']} {event.get('channel', {}).get('id', '')}" for event in self.seen]
        channels = [(one["name"], one["state"]) for one in await self.instance.ari("GET", "/channels")]
        socket = "closed" if self._socket.closed else "open"
        return f"no {type}; socket {socket}; said: {said}; channels: {channels}; log: {self.instance.log[-1500:]}"

    async def ours(self, id: str) -> None:
        """Return when a channel that was just made is in the application: until then Asterisk answers 409."""
        await self.wait("StasisStart", lambda event: event["channel"]["id"] == id)

    async def arrival(self, *args: str) -> End:
        """The channel that comes into the application with these arguments."""
        event = await self.wait("StasisStart", lambda event: event["args"][: len(args)] == list(args))
        return End(self, event["channel"]["id"], event["channel"])


class End:
    """One channel."""

    def __init__(self, events: Events, id: str, channel: Json) -> None:
        self.id = id
        self.channel = channel
        self._events = events
        self._take = f"heard-{next(_numbers)}"

    async def ari(self, method: str, path: str = "", **query: str | int) -> Any:
        return await self._events.instance.ari(method, f"/channels/{self.id}{path}", **query)

    async def variable(self, name: str) -> str:
        return (await self.ari("GET", "/variable", variable=name))["value"]

    async def up(self) -> None:
        await self._events.wait(
            "ChannelStateChange", lambda event: self._is(event) and event["channel"]["state"] == "Up"
        )

    async def gone(self) -> Json:
        """The event of its end, with the cause (ITU-T Q.850)."""
        return await self._events.wait("ChannelDestroyed", self._is)

    async def answer(self) -> None:
        await self.ari("POST", "/answer")

    async def hang_up(self) -> None:
        await self.ari("DELETE")

    async def says(self, sound: str) -> None:
        await self.ari("POST", "/play", media=",".join([f"sound:{sound}"] * 20))

    async def listen(self) -> None:
        """Record what this end hears from now on."""
        instance = self._events.instance
        spy = await instance.ari("POST", f"/channels/{self.id}/snoop", spy="in", app=instance.app)
        await self._events.ours(spy["id"])
        await instance.ari("POST", f"/channels/{spy['id']}/record", name=self._take, format="wav")

    def heard(self) -> Sound:
        file = self._events.instance.recordings / f"{self._take}.wav"
        return read(file) if file.exists() else np.zeros(0)

    async def hears(self, hertz: float) -> None:
        """Return when the tone of ``hertz`` has been heard, loud, for one block of sound."""
        await self.hears_one_of([hertz])

    async def hears_one_of(self, tones: Iterable[float]) -> float:
        """The first of these tones that is heard."""
        wanted = tuple(tones)
        await self.hears_that(lambda block: _tone_in(block, wanted), f"tone of {wanted}")
        blocks = _blocks(self.heard(), int(BLOCK_SECONDS * RATE))
        return next(found for block in blocks if (found := _tone_in(block, wanted)))

    async def hears_that(self, test: Callable[[Sound], Any], what: str) -> None:
        size = int(BLOCK_SECONDS * RATE)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not any(test(block) for block in _blocks(self.heard(), size)):
                    await asyncio.sleep(BLOCK_SECONDS)
        except TimeoutError:
            tones = [round(loudest(block)) for block in _blocks(self.heard(), size)]
            raise AssertionError(f"heard no {what}, but {tones}") from None

    def _is(self, event: Json) -> bool:
        return event["channel"]["id"] == self.id


def _tone_in(block: Sound, tones: Iterable[float]) -> float | None:
    if np.std(block) < LOUD:
        return None
    return next((hertz for hertz in tones if abs(loudest(block) - hertz) < 8), None)


def _blocks(sound: Sound, size: int) -> list[Sound]:
    return [sound[begin : begin + size] for begin in range(0, len(sound) - size + 1, size // 2)]


@asynccontextmanager
async def connected(instance: Instance, *, hang_up_at_end: bool = True) -> AsyncGenerator[Events]:
    """The instance's application, connected; all channels are hung up afterwards."""
    async with contextlib.AsyncExitStack() as stack:
        events = await stack.enter_async_context(_open(instance))
        while not await events.heard():
            await stack.aclose()
            events = await stack.enter_async_context(_open(instance))
        # Else nothing tells the end of a channel that has left the application.
        await instance.ari("POST", f"/applications/{instance.app}/subscription", eventSource="endpoint:PJSIP")
        try:
            yield events
        finally:
            if hang_up_at_end:
                await instance.hang_up_all()


@asynccontextmanager
async def _open(instance: Instance) -> AsyncGenerator[Events]:
    async with instance.events() as socket:
        events = Events(instance, socket)
        reading = asyncio.create_task(events.read())
        try:
            yield events
        finally:
            reading.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await reading


async def ring_up(events: Events, endpoint: str, caller: str, **variables: str) -> End:
    """Ring ``endpoint`` from the instance of ``events``, showing the number ``caller``."""
    shown = {"CONNECTEDLINE(all,i)": f"{caller} <{caller}>", **variables}
    query = {"endpoint": f"PJSIP/{endpoint}", "app": events.instance.app}
    channel = await events.instance.ari("POST", "/channels/create", {"variables": shown}, **query)
    end = End(events, channel["id"], channel)
    await events.ours(channel["id"])
    await end.ari("POST", "/dial", timeout=60)
    return end
