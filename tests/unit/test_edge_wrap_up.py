"""Two operators who owe something to the same call: it came back from a hand-over and was answered again."""

from __future__ import annotations

import asyncio

import pytest

from kernel.call import Stage
from kernel.commands import CommandKind
from kernel.events import Event, EventKind
from kernel.operator import OperatorState
from tests.support.house import House, house

pytestmark = pytest.mark.looptime


async def talks_again_with_suzuki(home: House) -> None:
    """Sato handed the caller over in vain and still writes; Suzuki has taken the caller."""
    home.ready("sato")
    home.phone("7001", answers_after=1)
    home.phone("7002", answers_after=1)
    home.phone("2301@city-pbx", refuses="busy")
    await home.controller()
    home.exchange.call("c-1", keys="1")
    await home.at("c-1", Stage.TALK)
    home.exchange.register("7001", here=False)  # else the caller would come back to sato
    await home.click(CommandKind.HAND_OVER, "sato", "c-1", extension="2301")
    await home.at("c-1", Stage.WAIT)
    home.exchange.register("7001", here=True)
    await home.click(CommandKind.LOG_IN, "suzuki")
    await home.click(CommandKind.READY, "suzuki")
    await home.at("c-1", Stage.TALK)


async def test_both_operators_of_a_call_that_came_back_can_end_their_wrap_ups():
    async with house() as home:
        await talks_again_with_suzuki(home)
        home.exchange.hang_up("c-1")
        await home.at("c-1", Stage.WRAP_UP)
        await home.click(CommandKind.FINISH_WRAP_UP, "suzuki", "c-1")
        await home.at("c-1", Stage.ENDED)
        assert (home.operator("sato"), home.operator("suzuki")) == (OperatorState.WRAP_UP, OperatorState.READY)
        await home.click(CommandKind.FINISH_WRAP_UP, "sato", "c-1")
        await home.until(lambda: home.operator("sato") is OperatorState.READY, "sato is free")


async def test_the_time_of_one_operators_wrap_up_does_not_cut_the_others_short():
    async with house() as home:
        queues = tuple(queue.model_copy(update={"wrap_up_seconds": 60}) for queue in home.store.centre.queues)
        home.store.centre = home.store.centre.model_copy(update={"queues": queues})
        await talks_again_with_suzuki(home)
        home.exchange.hang_up("c-1")
        await home.at("c-1", Stage.WRAP_UP)
        began = home.now()
        await home.until(lambda: home.operator("sato") is OperatorState.READY, "sato's time is up")
        assert home.operator("suzuki") is OperatorState.WRAP_UP
        await home.until(lambda: home.operator("suzuki") is OperatorState.READY, "suzuki's time is up")
        assert 59 < (home.now() - began).total_seconds() < 62


async def test_a_history_ends_the_wrap_up_of_the_operator_who_saved_it():
    async with house() as home:
        await talks_again_with_suzuki(home)
        home.exchange.hang_up("c-1")
        await home.at("c-1", Stage.WRAP_UP)
        home.store.write(Event(EventKind.HISTORY_SAVED, home.now(), "c-1", "suzuki"))
        await home.tell(home.store.stored[-1])
        await home.until(lambda: home.operator("suzuki") is OperatorState.READY, "suzuki is free")
        assert home.operator("sato") is OperatorState.WRAP_UP


async def test_a_history_of_a_call_that_is_over_ends_the_wrap_up_though_nobody_listened_when_it_was_saved():
    async with house() as home:
        await talks_again_with_suzuki(home)
        home.exchange.hang_up("c-1")
        await home.click(CommandKind.FINISH_WRAP_UP, "suzuki", "c-1")
        await home.at("c-1", Stage.WRAP_UP)
        await home.click(CommandKind.FINISH_WRAP_UP, "suzuki", "c-1")
        await home.at("c-1", Stage.ENDED)
        await home.kill()
        home.store.write(Event(EventKind.HISTORY_SAVED, home.now(), "c-1", "sato"))
        await home.controller()
        await home.until(lambda: home.operator("sato") is OperatorState.READY, "sato is free")


async def test_the_wrap_up_of_a_call_that_is_over_keeps_its_limit_across_restarts_and_lost_connections():
    async with house() as home:
        queues = tuple(queue.model_copy(update={"wrap_up_seconds": 60}) for queue in home.store.centre.queues)
        home.store.centre = home.store.centre.model_copy(update={"queues": queues})
        home.ready("sato")
        home.phone("7001", answers_after=1)
        home.phone("2301@city-pbx", refuses="busy")
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.TALK)
        home.exchange.register("7001", here=False)
        await home.click(CommandKind.HAND_OVER, "sato", "c-1", extension="2301")
        await home.at("c-1", Stage.WAIT)
        home.exchange.register("7001", here=True)
        began = home.store.by_operator["sato"].since
        home.exchange.hang_up("c-1")
        await home.at("c-1", Stage.ENDED)
        await home.kill()
        await home.controller()
        await asyncio.sleep(10)
        await home.pull_the_cable()
        await home.reconnect()
        await home.until(lambda: home.operator("sato") is OperatorState.READY, "sato's time is up")
        assert 59 < (home.now() - began).total_seconds() < 62
