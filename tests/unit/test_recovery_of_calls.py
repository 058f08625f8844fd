"""The controller dies at each step of a call, and the next one carries on: in virtual time."""

from __future__ import annotations

import asyncio

import pytest

from kernel.call import Outcome, Stage
from kernel.commands import CommandKind
from kernel.events import Event, EventKind
from kernel.operator import OperatorState
from tests.support.fake_ends import FakeCaller
from tests.support.house import House, house

pytestmark = pytest.mark.looptime


async def restart(home: House) -> None:
    await home.kill()
    await home.controller()


async def test_a_caller_in_the_menu_is_asked_again_by_the_next_controller():
    async with house() as home:
        await home.controller()
        home.exchange.call("c-1")
        await home.at("c-1", Stage.MENU)
        await home.kill()
        home.exchange.keys["c-1"] = [(1.0, "2")]
        await home.controller()
        assert (await home.at("c-1", Stage.WAIT)).queue == "exchange"
        assert home.store.kinds("c-1").count("call_arrived") == 1


async def test_waiting_callers_keep_their_places_in_the_order_of_their_coming():
    async with house() as home:
        await home.controller()
        for id in ("c-3", "c-1", "c-2"):
            home.exchange.call(id, keys="1")
            await home.at(id, Stage.WAIT)
        await home.kill()
        home.ready("sato")
        home.phone("7001", answers_after=1)
        await home.controller()
        await home.at("c-3", Stage.TALK)
        assert [home.store.calls[id].stage for id in ("c-1", "c-2")] == [Stage.WAIT, Stage.WAIT]


async def test_a_phone_that_rings_goes_on_ringing_and_its_answer_counts():
    async with house() as home:
        home.ready("sato")
        home.phone("7001", answers_after=8)
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.until(lambda: bool(home.exchange.rung), "ringing")
        await restart(home)
        call = await home.at("c-1", Stage.TALK)
        assert call.operator == "sato"
        assert len(home.exchange.rung) == 1


async def test_an_answer_while_no_controller_is_there_is_not_lost():
    async with house() as home:
        home.ready("sato")
        home.phone("7001", answers_after=3)
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.until(lambda: bool(home.exchange.rung), "ringing")
        await home.kill()
        await asyncio.sleep(10)
        await home.controller()
        await home.at("c-1", Stage.TALK)
        assert len(home.exchange.rung) == 1


async def test_an_offer_that_was_made_but_not_yet_saved_is_adopted_from_the_ringing_phone():
    async with house() as home:
        home.ready("sato")
        home.phone("7001", answers_after=10)
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.until(lambda: bool(home.exchange.rung), "ringing")
        await home.kill()
        before = next(call for call in reversed(home.store.versions) if call.offer is None)
        home.store.calls["c-1"] = before
        home.ready("sato")
        await home.controller()
        assert (await home.at("c-1", Stage.TALK)).operator == "sato"
        assert len(home.exchange.rung) == 1


async def test_a_talk_goes_on_with_its_recording_and_its_operator():
    async with house() as home:
        home.ready("sato")
        home.phone("7001", answers_after=1)
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.TALK)
        recording = set(home.exchange.live_recordings)
        await restart(home)
        assert home.operator("sato") is OperatorState.TALKING
        assert home.exchange.live_recordings == recording
        assert len(home.store.recordings) == 1
        home.exchange.hang_up("c-1")
        await home.at("c-1", Stage.WRAP_UP)


async def test_a_caller_who_hangs_up_while_no_controller_is_there_is_closed_once_with_the_time_of_it():
    async with house() as home:
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.WAIT)
        await home.kill()
        home.exchange.hang_up("c-1")
        hung_up = home.now()
        await asyncio.sleep(30)
        await home.controller()
        call = await home.at("c-1", Stage.ENDED)
        assert (call.ended, call.outcome) == (hung_up, Outcome.ABANDONED)
        assert home.store.kinds("c-1").count("call_ended") == 1


async def test_a_wrap_up_neither_ends_early_nor_starts_again():
    async with house() as home:
        queues = tuple(queue.model_copy(update={"wrap_up_seconds": 60}) for queue in home.store.centre.queues)
        home.store.centre = home.store.centre.model_copy(update={"queues": queues})
        home.ready("sato")
        home.phone("7001", answers_after=1)
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.TALK)
        home.exchange.hang_up("c-1")
        await home.at("c-1", Stage.WRAP_UP)
        began = home.now()
        await home.click(CommandKind.PAUSE, "sato", reason="休憩")
        await asyncio.sleep(20)
        await restart(home)
        assert home.operator("sato") is OperatorState.WRAP_UP
        await home.at("c-1", Stage.ENDED)
        assert 59 < (home.now() - began).total_seconds() < 62
        assert home.operator("sato") is OperatorState.PAUSED
        assert home.store.by_operator["sato"].reason == "休憩"


async def test_a_history_that_is_saved_while_no_controller_is_there_ends_the_wrap_up_afterwards():
    async with house() as home:
        home.ready("sato")
        home.phone("7001", answers_after=1)
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.TALK)
        home.exchange.hang_up("c-1")
        await home.at("c-1", Stage.WRAP_UP)
        await home.kill()
        home.store.write(Event(EventKind.HISTORY_SAVED, home.now(), "c-1", "sato"))
        await home.controller()
        await home.at("c-1", Stage.ENDED)
        assert home.operator("sato") is OperatorState.READY


async def test_a_leg_and_a_bridge_without_a_call_are_ended_and_an_unknown_caller_is_served():
    async with house() as home:
        home.exchange.call("c-9", keys="1")
        home.exchange.coming.get_nowait()
        await home.exchange.ring("c-0~operator~sato~1", "7001", "", 60)
        home.exchange.members["c-0~talk"] = set()
        await home.controller()
        await home.at("c-9", Stage.WAIT)
        assert not home.exchange.channels["c-0~operator~sato~1"].alive
        assert "c-0~talk" not in home.exchange.members


async def test_a_lost_connection_is_survived_without_the_database():
    async with house() as home:
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.WAIT)
        driving = home.store.kinds("c-1")
        await home.pull_the_cable()
        assert home.store.kinds("c-1") == driving
        await home.controller()
        await home.until(lambda: EventKind.CALL_ADOPTED.value in home.store.kinds("c-1"), "adopted")


async def test_a_store_that_cannot_be_read_delays_the_news_and_no_call():
    async with house() as home:
        home.ready("sato")
        home.phone("7001", answers_after=1)
        await home.controller()
        home.store.unreadable = True
        await asyncio.sleep(5)
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.TALK)
        home.exchange.hang_up("c-1")
        await home.at("c-1", Stage.WRAP_UP)
        home.store.write(Event(EventKind.HISTORY_SAVED, home.now(), "c-1", "sato"))
        await asyncio.sleep(5)
        assert home.operator("sato") is OperatorState.WRAP_UP
        home.store.unreadable = False
        await home.at("c-1", Stage.ENDED)


@pytest.mark.parametrize("stage", [Stage.MENU, Stage.WAIT, Stage.TALK, Stage.WRAP_UP])
async def test_a_late_arrival_event_of_a_call_that_has_ended_does_not_open_it_again(stage: Stage):
    async with house() as home:
        home.ready("sato")
        home.phone("7001", answers_after=5)
        await home.controller()
        home.exchange.call("c-1", keys="" if stage is Stage.MENU else "1")
        await home.at("c-1", stage if stage is not Stage.WRAP_UP else Stage.TALK)
        home.exchange.hang_up("c-1")
        if stage in {Stage.TALK, Stage.WRAP_UP}:
            await home.at("c-1", Stage.WRAP_UP)
            await home.click(CommandKind.FINISH_WRAP_UP, "sato", "c-1")
        ended = await home.at("c-1", Stage.ENDED)
        home.exchange.coming.put_nowait(home.exchange.described["c-1"])
        await asyncio.sleep(5)
        assert home.store.calls["c-1"] == ended
        assert home.store.kinds("c-1").count("call_arrived") == 1


async def test_nothing_is_announced_before_the_caller_hears_music(monkeypatch: pytest.MonkeyPatch):
    """The exchange moves a caller who hears something only when it has been said, and serves nobody else until then."""
    hold, heard = FakeCaller.hold, list[bool]()

    async def slowly(line: FakeCaller) -> None:
        await asyncio.sleep(2)
        await hold(line)

    async def play(line: FakeCaller, *_: str) -> None:
        heard.append(line.channel.music)

    async with house() as home:
        monkeypatch.setattr(FakeCaller, "hold", slowly)
        monkeypatch.setattr(FakeCaller, "play", play)
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.WAIT)
        await asyncio.sleep(60)
        assert len(heard) > 1
        assert all(heard)
