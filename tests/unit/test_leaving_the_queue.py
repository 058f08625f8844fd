"""Waiting callers leave the queue by key: to a menu, or to leave a message; in virtual time."""

from __future__ import annotations

import asyncio

import pytest

from kernel.call import Outcome, Stage
from tests.support.house import House, house

pytestmark = pytest.mark.looptime


async def test_a_key_pressed_before_the_wait_does_not_count():
    async with house() as home:
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await asyncio.sleep(0.5)
        home.exchange.press("c-1", "1")
        await home.at("c-1", Stage.WAIT)
        await asyncio.sleep(20)
        assert "queue_left" not in home.store.kinds("c-1")


async def test_waiting_callers_are_told_of_the_keys_again_and_again():
    async with house() as home:
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.WAIT)
        await asyncio.sleep(100)
        assert home.exchange.channels["c-1"].heard.count(home.store.centre.announcements["waiting-keys"]) >= 3


async def test_a_caller_leaves_the_queue_by_key_to_a_menu_and_keeps_the_time_waited():
    async with house() as home:
        await home.controller()
        home.exchange.call("c-1", keys="1")
        waits = await home.at("c-1", Stage.WAIT)
        await asyncio.sleep(5)
        home.exchange.press("c-1", "9")
        await home.at("c-1", Stage.MENU)
        home.exchange.press("c-1", "2")
        await home.until(lambda: home.store.calls["c-1"].queue == "exchange", "the other queue")
        assert home.store.calls["c-1"].waiting_since == waits.waiting_since


@pytest.mark.parametrize("ends", ["#", "hangs up", "silent"])
async def test_a_caller_leaves_a_message_that_is_recorded(ends: str):
    async with house() as home:
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.WAIT)
        await asyncio.sleep(5)
        home.exchange.press("c-1", "7")
        await home.at("c-1", Stage.MESSAGE)
        await asyncio.sleep(9)
        (name,) = home.exchange.live_recordings
        assert home.exchange.members[home.exchange.recordings[name]] == {"c-1"}
        if ends == "#":
            home.exchange.press("c-1", "5#")
        elif ends == "hangs up":
            home.exchange.hang_up("c-1")
        call = await home.at("c-1", Stage.ENDED)
        assert call.outcome is Outcome.LEFT_MESSAGE
        assert home.store.recordings[name].stopped is not None
        assert home.exchange.live_recordings == set()
        assert home.exchange.members == {}
        thanked = home.exchange.channels["c-1"].heard[-1] == home.store.centre.announcements["message-thanks"]
        assert thanked == (ends != "hangs up")


async def recording(home: House) -> str:
    """A caller speaks a message; its name."""
    await home.controller()
    home.exchange.call("c-1", keys="1")
    await home.at("c-1", Stage.WAIT)
    await asyncio.sleep(5)
    home.exchange.press("c-1", "7")
    await home.at("c-1", Stage.MESSAGE)
    await home.until(lambda: bool(home.exchange.live_recordings), "it is recorded")
    (name,) = home.exchange.live_recordings
    return name


async def test_a_message_that_was_long_enough_when_the_controller_died_is_kept_though_the_caller_hangs_up_at_once():
    async with house() as home:
        name = await recording(home)
        started = home.store.recordings[name].started
        await asyncio.sleep(9)
        await home.kill()
        await home.controller()
        await asyncio.sleep(0.5)
        home.exchange.hang_up("c-1")
        assert (await home.at("c-1", Stage.ENDED)).outcome is Outcome.LEFT_MESSAGE
        assert home.store.recordings[name].started == started


async def test_a_message_takes_no_longer_for_a_controller_that_died():
    async with house() as home:
        await recording(home)
        seconds = home.store.centre.queues[0].message_seconds
        began = home.store.calls["c-1"].message_since
        assert began is not None
        await asyncio.sleep(seconds - 5)
        await home.kill()
        await home.controller()
        call = await home.at("c-1", Stage.ENDED)
        assert call.ended is not None
        assert 0 <= (call.ended - began).total_seconds() - seconds < 1
