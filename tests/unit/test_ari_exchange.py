"""What the exchange asks of Asterisk for a call, and what it keeps of one that is over: nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dialplan.ari.client import Ari, connect
from dialplan.ari.exchange import AriSwitch
from dialplan.ari.line import AriLine
from dialplan.ari.link import AriLink
from kernel.call import Call, CallerGone, Stage
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
                answer = (200, channel(id)) if id in self.channels else NOT_FOUND
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
                answer = (409, {"message": "exists"}) if id in self.rooms else (200, self._room(id))
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
    async def media(self, text: str, language: str = "ja") -> str:
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
    return switch.line(Call(id, MOMENT, "0466251111"))


async def holds(line: AriLine, asterisk: Answering) -> list[str]:
    """What is asked to let the caller wait."""
    before = len(asterisk.asked)
    await line.hold()
    return [one for one in asterisk.asked[before:] if "bridges" in one]


async def test_the_first_caller_opens_the_waiting_room_and_the_next_is_let_in_with_one_request():
    async with exchange() as (switch, _, asterisk, _):
        first, second = comes(switch, asterisk, "c1"), comes(switch, asterisk, "c2")
        assert await holds(first, asterisk) == ["POST bridges/waiting-room", "POST bridges/waiting-room/addChannel"]
        assert await holds(second, asterisk) == ["POST bridges/waiting-room/addChannel"]
        assert asterisk.rooms["waiting-room"] == ["c1", "c2"]
        first.release()
        second.release()


async def test_a_caller_who_waits_already_is_not_let_in_a_second_time():
    async with exchange() as (switch, _, asterisk, _):
        line = comes(switch, asterisk, "c1")
        await line.hold()
        await line.hold()
        assert asterisk.rooms["waiting-room"] == ["c1"]
        line.release()


async def test_a_waiting_room_that_has_vanished_is_opened_again():
    async with exchange() as (switch, _, asterisk, _):
        first, second = comes(switch, asterisk, "c1"), comes(switch, asterisk, "c2")
        await first.hold()
        del asterisk.rooms["waiting-room"]
        await second.hold()
        assert asterisk.rooms["waiting-room"] == ["c2"]
        first.release()
        second.release()


async def test_a_caller_who_hung_up_before_waiting_is_gone():
    async with exchange() as (switch, _, asterisk, _):
        first, second = comes(switch, asterisk, "c1"), comes(switch, asterisk, "c2")
        await first.hold()
        asterisk.channels.remove("c2")
        with pytest.raises(CallerGone):
            await second.hold()
        first.release()
        second.release()


async def test_a_caller_of_an_earlier_controller_is_connected_without_hearing_its_announcement_to_the_end():
    """Asterisk moves a channel to another bridge only when all has been said, and answers nothing until then."""
    async with exchange() as (switch, _, asterisk, _):
        asterisk.channels.add("c1")
        line = switch.line(replace(Call("c1", MOMENT, "0466251111"), stage=Stage.WAIT))
        await line.hush()
        stopped = [one for one in asterisk.asked if one.startswith("DELETE playbacks/")]
        assert sorted(stopped) == ["DELETE playbacks/c1~play~0", "DELETE playbacks/c1~play~1"]
        await line.hush()
        assert len([one for one in asterisk.asked if one.startswith("DELETE playbacks/")]) == 2, "once is enough"
        line.release()


async def rings(switch: AriSwitch, asterisk: Answering, connection: FakeConnection, leg: str) -> None:
    """A phone that is rung answers."""
    ringing = await switch.ring(leg, "7001", "", 15)
    asterisk.channels.add(leg)
    await connection.send("StasisStart", channel=channel(leg, "Up"), args=["rung"])
    await ringing.answered()


async def test_caller_and_answered_phone_hear_each_other_after_two_requests_that_go_out_together():
    async with exchange() as (switch, _, asterisk, connection):
        line = comes(switch, asterisk, "c1")
        await rings(switch, asterisk, connection, "c1~operator~sato~1")
        before = len(asterisk.asked)
        await switch.join("c1~talk", "c1", "c1~operator~sato~1")
        assert asterisk.asked[before:] == ["POST bridges/c1~talk", "POST bridges/c1~talk/addChannel"]
        await switch.join("c1~talk", "c1", "c1~operator~sato~1")
        assert await switch.find("c1~operator~sato~1") is not None
        assert len(asterisk.asked) == before + 2, "who was brought together by this connection is not asked for"
        line.release()
        await switch.forget("c1")


async def test_a_caller_who_comes_back_from_hold_is_put_into_the_talk_again():
    async with exchange() as (switch, _, asterisk, connection):
        line = comes(switch, asterisk, "c1")
        await line.hold()
        await rings(switch, asterisk, connection, "c1~operator~sato~1")
        await switch.join("c1~talk", "c1", "c1~operator~sato~1")
        asterisk.rooms["waiting-room"].remove("c1")
        assert await holds(line, asterisk) == ["POST bridges/waiting-room/addChannel"]
        asterisk.rooms["c1~talk"].remove("c1")
        await switch.join("c1~talk", "c1", "c1~operator~sato~1")
        assert asterisk.rooms["c1~talk"] == ["c1~operator~sato~1", "c1"]
        line.release()
        await switch.forget("c1")


async def test_a_talk_that_vanishes_as_it_is_joined_is_made_anew():
    async with exchange() as (switch, _, asterisk, connection):
        line = comes(switch, asterisk, "c1")
        await rings(switch, asterisk, connection, "c1~operator~sato~1")
        asterisk.vanishing.add("c1~talk")
        await switch.join("c1~talk", "c1", "c1~operator~sato~1")
        assert asterisk.rooms["c1~talk"] == ["c1", "c1~operator~sato~1"]
        line.release()
        await switch.forget("c1")


async def test_a_talk_is_ended_once():
    async with exchange() as (switch, _, asterisk, _):
        asterisk.channels |= {"c1", "c1~operator"}
        await switch.join("c1~talk", "c1", "c1~operator")
        await switch.part("c1~talk")
        await switch.part("c1~talk")
        assert asterisk.asked.count("DELETE bridges/c1~talk") == 1


async def test_a_leg_that_was_seen_to_end_is_not_asked_for_again():
    async with exchange() as (switch, _, asterisk, connection):
        asterisk.channels.add("c1~leg")
        leg = await switch.find("c1~leg")
        assert leg is not None
        await connection.send("ChannelDestroyed", channel=channel("c1~leg"), cause=16, cause_txt="Normal Clearing")
        await leg.gone()
        before = list(asterisk.asked)
        assert await switch.find("c1~leg") is None
        assert asterisk.asked == before
        await switch.forget("c1")


async def test_nothing_is_kept_of_calls_that_are_over():
    async with exchange() as (switch, ari, asterisk, _):
        tasks = len(asyncio.all_tasks())
        for id in (f"c{place}" for place in range(200)):
            line = comes(switch, asterisk, id)
            leg = f"{id}~operator~sato~1"
            asterisk.channels.add(leg)
            await line.hold()
            await switch.find(leg)
            await switch.join(f"{id}~talk", id, leg)
            await switch.part(f"{id}~talk")
            await switch.forget(id)
            line.release()
        await asyncio.sleep(0)
        assert len(asyncio.all_tasks()) == tasks
        assert vars(ari._router)["_listening"] == vars(ari._router)["_attending"] == {}
        assert vars(switch._known)["_calls"] == {}
        deleted = [one for one in asterisk.asked if one == "POST asterisk/variable"]
        assert len(deleted) == 200


async def test_the_connection_for_phones_lets_through_the_event_by_which_it_is_known_to_hear():
    async with fake_asterisk() as fake, connect(fake.settings, PASSWORD) as ari:
        await fake.connected()
        link = AriLink(ari, fake.settings, PASSWORD, NoPrompts(), lambda: MOMENT)
        watching = asyncio.create_task(anext(link.phones()))
        phones = await fake.connected()
        while (request := await phones.asked())["uri"] != "endpoints/PJSIP":
            await phones.answer(request, application() if "applications" in request["uri"] else None)
        assert set(phones.filter) == {"RESTResponse", "PeerStatusChange", "ChannelUserevent"}
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
