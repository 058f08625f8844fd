"""What operators may take their time for, and phones that go: in virtual time, across crashes."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from kernel.call import Stage
from kernel.commands import CommandKind
from kernel.events import EventKind
from kernel.operator import OperatorState
from tests.support.house import House, house

pytestmark = pytest.mark.looptime


def queues(home: House, **settings: Any) -> None:
    changed = tuple(queue.model_copy(update=settings) for queue in home.store.centre.queues)
    home.store.centre = home.store.centre.model_copy(update={"queues": changed})


def centre(home: House, **settings: Any) -> None:
    home.store.centre = home.store.centre.model_copy(update=settings)


def seen(home: House, kind: EventKind) -> list[Any]:
    return [one.event for one in home.store.stored if one.event.kind is kind]


async def wrapping_up(home: House, **settings: Any) -> None:
    queues(home, **settings)
    home.ready("sato")
    home.phone("7001", answers_after=1)
    await home.controller()
    home.exchange.call("c-1", keys="1")
    await home.at("c-1", Stage.TALK)
    home.exchange.hang_up("c-1")
    await home.at("c-1", Stage.WRAP_UP)


async def restart(home: House, away: float = 1) -> None:
    await home.kill()
    await asyncio.sleep(away)
    await home.controller()


async def test_a_wrap_up_is_extended_as_often_as_is_set_also_across_a_crash():
    async with house() as home:
        await wrapping_up(home, wrap_up_seconds=60, wrap_up_extension_seconds=30, wrap_up_extensions=2)
        began = home.now()
        await home.click(CommandKind.EXTEND_WRAP_UP, "sato", "c-1")
        await asyncio.sleep(5)
        await restart(home)
        await home.click(CommandKind.EXTEND_WRAP_UP, "sato", "c-1")
        await home.click(CommandKind.EXTEND_WRAP_UP, "sato", "c-1")
        await home.until(lambda: bool(seen(home, EventKind.COMMAND_REFUSED)), "the third is refused")
        assert seen(home, EventKind.COMMAND_REFUSED)[0].data["reason"] == "no_more_extensions"
        await restart(home)
        await home.until(lambda: home.operator("sato") is OperatorState.READY, "the time is up")
        assert 119 < (home.now() - began).total_seconds() < 122


async def test_a_wrap_up_whose_time_ran_out_while_no_controller_was_there_ends_with_the_next():
    async with house() as home:
        await wrapping_up(home, wrap_up_seconds=60)
        await restart(home, away=100)
        await home.until(lambda: home.operator("sato") is OperatorState.READY, "the time is up")
        await home.at("c-1", Stage.ENDED)


async def test_a_wrap_up_without_limit_lasts_until_it_is_finished_and_needs_no_more_time():
    async with house() as home:
        await wrapping_up(home, wrap_up_seconds=None)
        await home.click(CommandKind.EXTEND_WRAP_UP, "sato", "c-1")
        await home.until(lambda: bool(seen(home, EventKind.COMMAND_REFUSED)), "it is refused")
        assert seen(home, EventKind.COMMAND_REFUSED)[0].data["reason"] == "no_limit"
        await asyncio.sleep(4000)
        assert home.operator("sato") is OperatorState.WRAP_UP


async def on_a_break(home: House, **settings: Any) -> None:
    centre(home, pause_limits={"休憩": 900}, **settings)
    home.ready("sato")
    await home.controller()
    await home.click(CommandKind.PAUSE, "sato", reason="休憩")
    await home.until(lambda: home.operator("sato") is OperatorState.PAUSED, "the break")


async def test_a_break_beyond_its_limit_is_stored_once_at_the_time_it_was_up():
    async with house() as home:
        await on_a_break(home)
        until = home.store.by_operator["sato"].until
        assert until is not None
        await asyncio.sleep(905)
        await restart(home)
        await asyncio.sleep(905)
        (over,) = seen(home, EventKind.PAUSE_OVERRUN)
        assert (over.at, over.operator, over.data["reason"]) == (until, "sato", "休憩")
        status = home.store.by_operator["sato"]
        assert (status.state, status.overrun, status.until) == (OperatorState.PAUSED, True, until)


async def test_a_break_that_ran_over_while_no_controller_was_there_is_stored_with_the_time_it_was_up():
    async with house() as home:
        await on_a_break(home)
        until = home.store.by_operator["sato"].until
        await restart(home, away=2000)
        await asyncio.sleep(1)
        assert [over.at for over in seen(home, EventKind.PAUSE_OVERRUN)] == [until]


async def test_a_break_that_ends_in_time_and_a_reason_without_limit_run_over_nothing():
    async with house() as home:
        await on_a_break(home)
        await asyncio.sleep(800)
        await home.click(CommandKind.PAUSE, "sato", reason="研修")
        await home.until(lambda: home.store.by_operator["sato"].reason == "研修", "the training")
        await asyncio.sleep(4000)
        assert not seen(home, EventKind.PAUSE_OVERRUN)
        assert home.store.by_operator["sato"].until is None


@pytest.mark.parametrize(
    ("after", "state"),
    [
        ("nothing", OperatorState.PAUSED),
        ("ready", OperatorState.READY),
        ("logged_out", OperatorState.LOGGED_OUT),
    ],
)
async def test_what_follows_a_break_that_ran_over_is_set(after: str, state: OperatorState):
    async with house() as home:
        await on_a_break(home, after_pause_limit=after)
        await asyncio.sleep(901)
        assert home.operator("sato") is state
        assert len(seen(home, EventKind.PAUSE_OVERRUN)) == 1


async def test_a_pause_that_was_wished_in_a_talk_has_its_whole_time_after_it():
    async with house() as home:
        centre(home, pause_limits={"休憩": 900})
        await wrapping_up(home, wrap_up_seconds=None)
        await home.click(CommandKind.PAUSE, "sato", reason="休憩")
        await asyncio.sleep(1000)
        await home.click(CommandKind.FINISH_WRAP_UP, "sato", "c-1")
        await home.until(lambda: home.operator("sato") is OperatorState.PAUSED, "the break")
        status = home.store.by_operator["sato"]
        assert status.until is not None
        assert (status.until - status.since).total_seconds() == 900


async def test_whose_phone_goes_is_not_ready_and_is_so_again_by_itself_when_it_is_back():
    """Hard case 10."""
    async with house() as home:
        home.ready("sato")
        home.phone("7001", answers_after=1)
        await home.controller()
        home.exchange.register("7001", here=False)
        await home.until(lambda: home.operator("sato") is OperatorState.PHONE_GONE, "the phone is missed")
        home.exchange.call("c-1", keys="1")
        await asyncio.sleep(20)
        assert not home.exchange.rung
        await home.click(CommandKind.READY, "sato")
        await home.until(lambda: bool(seen(home, EventKind.COMMAND_REFUSED)), "being ready is refused")
        assert seen(home, EventKind.COMMAND_REFUSED)[0].data["reason"] == "phone_unreachable"
        home.exchange.register("7001", here=True)
        await home.at("c-1", Stage.TALK)


async def test_whoever_says_to_be_ready_without_a_phone_is_told_so_by_the_state():
    async with house() as home:
        home.ready("sato")
        await home.controller()
        await home.click(CommandKind.PAUSE, "sato", reason="研修")
        home.exchange.register("7001", here=False)
        await asyncio.sleep(1)
        assert home.operator("sato") is OperatorState.PAUSED
        await home.click(CommandKind.READY, "sato")
        await home.until(lambda: home.operator("sato") is OperatorState.PHONE_GONE, "the phone is missed")


async def test_a_phone_that_goes_while_a_wrap_up_is_written_is_missed_when_it_is_over():
    async with house() as home:
        await wrapping_up(home, wrap_up_seconds=60)
        home.exchange.register("7001", here=False)
        await asyncio.sleep(5)
        assert home.operator("sato") is OperatorState.WRAP_UP
        await home.until(lambda: home.operator("sato") is OperatorState.PHONE_GONE, "the wrap-up is over")


async def test_a_phone_that_is_gone_at_the_start_of_the_next_controller_is_gone_still():
    async with house() as home:
        home.ready("sato")
        await home.controller()
        home.exchange.register("7001", here=False)
        await home.until(lambda: home.operator("sato") is OperatorState.PHONE_GONE, "the phone is missed")
        await restart(home)
        await asyncio.sleep(5)
        assert home.operator("sato") is OperatorState.PHONE_GONE
        assert [one.data["state"] for one in seen(home, EventKind.OPERATOR_CHANGED)] == ["phone_gone"]


async def test_after_a_takeover_nobody_is_set_aside_for_a_phone_that_is_gone():
    async with house() as home:
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.WAIT)
        await home.kill()
        home.exchange.gone_phones.add("7001")
        home.ready("sato")
        await home.controller()
        await home.until(lambda: home.operator("sato") is OperatorState.PHONE_GONE, "the phone is missed")
        assert home.exchange.rung == []
        assert not seen(home, EventKind.OFFER_NOT_ANSWERED)
