"""What the exchange asks of Asterisk for a call, and what it keeps of one that is over: nothing."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from dialplan.ari.client import connect
from dialplan.ari.exchange import AriSwitch
from dialplan.ari.link import AriLink
from kernel.call import Call, CallerGone, Stage
from tests.support.ari_exchange import MOMENT, Answering, NoPrompts, comes, exchange, holds
from tests.support.fake_asterisk import PASSWORD, FakeConnection, application, channel, fake_asterisk


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


async def test_a_caller_who_may_hear_an_announcement_is_not_answered_a_second_time():
    """Asterisk answers a channel when all has been said to it, and until then nothing else that the connection asks."""
    async with exchange() as (switch, _, asterisk, _):
        line = comes(switch, asterisk, "c1")
        await line.answer()
        assert asterisk.asked == ["POST channels/c1/answer"], "who has just come in is answered without a look"
        await line.answer()
        line.release()
        for stage in Stage.GREET, Stage.WAIT:
            line = switch.line(replace(Call("c1", MOMENT, "0466251111"), stage=stage))
            await line.answer()
            line.release()
        assert asterisk.asked.count("POST channels/c1/answer") == 1
        asterisk.channels.remove("c1")
        with pytest.raises(CallerGone):
            await line.answer()


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
