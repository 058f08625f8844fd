"""An exchange before an Asterisk that answers by itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from dialplan.ari.client import Ari, connect
from dialplan.ari.exchange import AriSwitch
from dialplan.ari.line import AriLine
from kernel.call import Call
from tests.support.fake_asterisk import PASSWORD, FakeConnection, application, channel, fake_asterisk

NOT_FOUND = (404, {"message": "not found"})
MOMENT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


class Answering:
    """Answers all that is asked as Asterisk would of one caller and one phone, and remembers it."""

    def __init__(self, connection: FakeConnection) -> None:
        self._connection = connection
        self.rooms: dict[str, list[str]] = {}
        self.channels: set[str] = set()
        self.asked: list[str] = []
        self.stuck: set[str] = set()
        """Ids of rooms that are no more and are not given free."""
        self.vanishing: set[str] = set()
        """Rooms that somebody else ends as soon as they are made."""

    async def run(self) -> None:
        while True:
            request = await self._connection.asked()
            path = request["uri"].partition("?")[0]
            self.asked.append(f"{request['method']} {path}")
            status, body = self._answer(request["method"], path.split("/"), request["uri"])
            await self._connection.answer(request, body, status)

    def _answer(self, method: str, path: list[str], uri: str) -> tuple[int, Mapping[str, object] | None]:
        answer: tuple[int, Mapping[str, object] | None] = (204, None)
        match method, path:
            case "GET", ["channels", id]:
                state = "Up" if f"POST channels/{id}/answer" in self.asked else "Ring"
                answer = (200, channel(id, state)) if id in self.channels else NOT_FOUND
            case "DELETE", ["playbacks", _]:
                answer = NOT_FOUND
            case "GET", ["asterisk", "variable"]:
                answer = 200, {"value": ""}
            case "POST", ["bridges", id] if id in self.vanishing:
                answer = 200, self._room(id)
                del self.rooms[id]
                self.vanishing.remove(id)
            case "POST", ["channels"]:
                answer = 200, channel("", "Down")
            case "POST", ["applications", _, "subscription"]:
                answer = 200, application()
            case "POST", ["bridges", id]:
                taken = id in self.rooms or id in self.stuck
                answer = (409, {"message": "exists"}) if taken else (200, self._room(id))
            case _, ["bridges", id, *_] if id not in self.rooms:
                answer = NOT_FOUND
            case "GET", ["bridges", id]:
                answer = 200, self._room(id)
            case "POST", ["bridges", id, "addChannel"]:
                answer = self._add(id, uri.partition("channel=")[2].partition("&")[0])
            case "DELETE", ["bridges", id]:
                del self.rooms[id]
            case _:
                pass
        return answer

    def _add(self, room: str, channels: str) -> tuple[int, Mapping[str, object] | None]:
        joining = channels.split("%2C") if channels else []
        if not joining or not self.channels.issuperset(joining):
            return 400, {"message": "Channel not found"}
        self.rooms[room] += joining
        return 204, None

    def _room(self, id: str) -> Mapping[str, object]:
        return {
            "id": id,
            "technology": "",
            "bridge_type": "mixing",
            "bridge_class": "stasis",
            "creator": "Stasis",
            "name": "",
            "channels": self.rooms.setdefault(id, []),
            "creationtime": "2026-11-24T21:29:17.350+0900",
            "video_mode": "none",
        }


class NoPrompts:
    async def media(self, text: str, language: str = "ja", *, slowly: bool = False) -> str:
        return text


@asynccontextmanager
async def exchange() -> AsyncIterator[tuple[AriSwitch, Ari, Answering, FakeConnection]]:
    async with fake_asterisk() as fake, connect(fake.settings, PASSWORD) as ari:
        connection = await fake.connected()
        asterisk = Answering(connection)
        running = asyncio.create_task(asterisk.run())
        try:
            yield AriSwitch(ari, NoPrompts(), lambda: MOMENT), ari, asterisk, connection
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


def comes(switch: AriSwitch, asterisk: Answering, id: str) -> AriLine:
    asterisk.channels.add(id)
    switch.arrived(id)
    return switch.line(Call(id, MOMENT, "0466251111"))


async def holds(line: AriLine, asterisk: Answering) -> list[str]:
    """What is asked to let the caller wait."""
    before = len(asterisk.asked)
    await line.hold()
    return [one for one in asterisk.asked[before:] if "bridges" in one]
