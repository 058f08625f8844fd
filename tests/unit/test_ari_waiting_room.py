"""What the exchange asks of Asterisk to let callers wait."""

from __future__ import annotations

import asyncio

import pytest

from kernel.call import CallerGone
from tests.support.ari_exchange import comes, exchange, holds


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


async def test_where_asterisk_does_not_give_the_rooms_id_free_callers_wait_in_another():
    """Seen in Asterisk 22.10: the bridge was not there any more, its id was taken, and every caller was lost."""
    async with exchange() as (switch, _, asterisk, _):
        first, second = comes(switch, asterisk, "c1"), comes(switch, asterisk, "c2")
        asterisk.stuck.add("waiting-room")
        await first.hold()
        assert asterisk.rooms["waiting-room-1"] == ["c1"]
        assert await holds(second, asterisk) == ["POST bridges/waiting-room-1/addChannel"], "it is tried once"
        await second.hold()
        assert asterisk.rooms["waiting-room-1"] == ["c1", "c2"]
        first.release()
        second.release()


async def test_callers_who_come_while_another_room_is_looked_for_all_wait_in_it():
    async with exchange() as (switch, _, asterisk, _):
        lines = [comes(switch, asterisk, f"c{number}") for number in range(4)]
        asterisk.stuck.add("waiting-room")
        await asyncio.gather(*(line.hold() for line in lines))
        assert sorted(asterisk.rooms["waiting-room-1"]) == ["c0", "c1", "c2", "c3"]
        for line in lines:
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
