"""Admission as callers and supervisors see it, in virtual time."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from dialplan.ari.errors import NoReply
from dialplan.connection import Strain
from kernel.admission import Limits
from kernel.call import Outcome, Stage
from kernel.commands import CommandKind
from kernel.events import EventKind
from kernel.operator import OperatorState
from tests.support.house import House, house
from tests.unit.test_calling_back import asked
from tests.unit.test_figures_of_calls import total

pytestmark = pytest.mark.looptime

FEW = Limits(calls=3, calls_per_second=2, burst=3, guided_per_second=2, guided_burst=4)
SLOW = Strain(reply_seconds=0.4)


def admission(home: House) -> list[tuple[object, object]]:
    changes = (one.event for one in home.store.stored if one.event.kind is EventKind.ADMISSION_CHANGED)
    return [(event.data["level"], event.data["why"]) for event in changes]


async def crowd(home: House, callers: int, gap: float = 0.0) -> list[str]:
    ids = [f"late-{place}" for place in range(callers)]
    for id in ids:
        home.exchange.call(id, keys="1")
        await asyncio.sleep(gap)
    await home.until(lambda: all(id in home.store.calls for id in ids), "all callers are noticed")
    return ids


async def talk(home: House, id: str) -> None:
    home.exchange.call(id, keys="1")
    await home.at(id, Stage.TALK)


async def test_callbacks_that_are_owed_take_no_line():
    async with house(limits=Limits(calls=1)) as home:
        await home.controller()
        await asked(home)
        home.exchange.call("c-2", keys="1")
        await home.at("c-2", Stage.WAIT)


async def test_callers_past_the_limit_hear_the_guidance_or_busy_and_count_as_congested():
    async with house(limits=FEW) as home:
        await home.controller()
        ids = await crowd(home, 12)
        await home.until(lambda: len(home.exchange.sent_away) == 9, "nine are sent away")
        assert [home.exchange.sent_away.get(id) for id in ids] == [None] * 3 + ["guidance"] * 4 + ["busy"] * 5
        for id in ids[3:]:
            call = home.store.calls[id]
            assert (call.stage, call.outcome) == (Stage.ENDED, Outcome.CONGESTED)
            assert home.store.kinds(id) == ["call_arrived", "call_turned_away", "call_ended"]
        for id in ids[:3]:
            await home.at(id, Stage.WAIT)
        counted = total(home)
        assert (counted.offered, counted.waiting, counted.abandoned, counted.left) == (3, 3, 0, 0)


async def test_an_overload_leaves_talks_up_and_places_kept_and_clicks_done_and_ends_by_itself():
    async with house(limits=FEW) as home:
        home.ready("sato")
        home.phone("7001", answers_after=1)
        await home.controller()
        await talk(home, "talk")
        for id in ("first", "second"):
            home.exchange.call(id, keys="1")
            await home.at(id, Stage.WAIT)
        late = await crowd(home, 60, gap=0.05)
        assert {home.store.calls[id].outcome for id in late} == {Outcome.CONGESTED}
        assert home.store.calls["talk"].stage is Stage.TALK
        assert {"talk", "talk~operator~sato~1"} <= home.exchange.members["talk~talk"]
        await home.click(CommandKind.HANG_UP, "sato", "talk")
        await home.at("talk", Stage.WRAP_UP)
        await home.click(CommandKind.FINISH_WRAP_UP, "sato", "talk")
        await home.at("first", Stage.TALK)
        assert home.store.calls["second"].stage is Stage.WAIT
        home.exchange.hang_up("second")
        await asyncio.sleep(FEW.calm_seconds + 1)
        home.exchange.call("after", keys="1")
        await home.at("after", Stage.WAIT)
        assert home.operator("sato") is OperatorState.TALKING
        assert admission(home)[0][0] == "guidance"
        assert admission(home)[-1] == ("open", "")


async def test_a_slow_exchange_raises_the_alarm_and_new_callers_are_sent_away_until_it_is_quick_again():
    async with house() as home:
        await home.controller()
        home.exchange.call("before", keys="1")
        await home.at("before", Stage.WAIT)
        home.exchange.strained = SLOW
        with capture_logs() as logs:
            await home.until(lambda: bool(admission(home)), "the alarm")
            assert admission(home) == [("guidance", "reply_seconds")]
            (late,) = await crowd(home, 1)
            await home.until(lambda: late in home.exchange.sent_away, "the guidance")
            home.exchange.strained = Strain()
            await home.until(lambda: len(admission(home)) == 2, "the end of the alarm")
        said = [(one["event"], one.get("why")) for one in logs if one["event"].startswith("new calls")]
        assert said == [("new calls are turned away", "reply_seconds"), ("new calls are let in again", None)]
        assert home.store.calls["before"].stage is Stage.WAIT
        home.exchange.call("after", keys="1")
        await home.at("after", Stage.WAIT)


@pytest.mark.parametrize("strain", [Strain(requests=10_000), Strain(events=10_000), Strain(reply_seconds=9)])
async def test_where_even_the_guidance_is_too_much_callers_get_busy(strain: Strain):
    async with house() as home:
        await home.controller()
        home.exchange.strained = strain
        await home.until(lambda: bool(admission(home)), "the alarm")
        (id,) = await crowd(home, 1)
        await home.until(lambda: home.exchange.sent_away.get(id) == "busy", "busy")


async def test_a_database_that_is_gone_for_a_while_turns_nobody_away():
    async with house() as home:
        await home.controller()
        home.store.backlog = 5000
        await asyncio.sleep(1)
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.WAIT)
        home.store.backlog = 20_000
        await home.until(lambda: admission(home) == [("guidance", "journal")], "the alarm")


async def test_calls_of_the_last_controller_are_resumed_however_many_they_are():
    async with house(limits=FEW) as home:
        await home.controller()
        ids = [f"c-{place}" for place in range(3)]
        for id in ids:
            home.exchange.call(id, keys="1")
            await home.at(id, Stage.WAIT)
        await home.kill()
        home.limits = Limits(calls=1)
        await home.controller()
        await asyncio.sleep(1)
        assert {home.store.calls[id].stage for id in ids} == {Stage.WAIT}
        assert home.exchange.sent_away == {}


async def test_a_caller_who_is_turned_away_while_the_connection_is_lost_is_told_on_the_next():
    async with house(limits=Limits(calls=1)) as home:
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.WAIT)
        home.exchange.breaks["send_away"] = NoReply("no answer")
        (id,) = await crowd(home, 1)
        await asyncio.sleep(0.5)
        assert id not in home.exchange.sent_away
        del home.exchange.breaks["send_away"]
        await home.pull_the_cable()
        await home.reconnect()
        await home.until(lambda: home.exchange.sent_away == {id: "guidance"}, "the guidance")


async def test_a_call_that_is_only_being_written_up_takes_nobodys_line():
    async with house(limits=Limits(calls=1)) as home:
        home.ready("sato")
        home.phone("7001", answers_after=1)
        await home.controller()
        await talk(home, "c-1")
        home.exchange.hang_up("c-1")
        await home.at("c-1", Stage.WRAP_UP)
        home.exchange.call("c-2", keys="1")
        await home.at("c-2", Stage.WAIT)


async def test_a_caller_whom_the_exchange_does_not_guide_is_hung_up_in_the_end_and_asked_for_ever_more_seldom():
    async with house(limits=Limits(calls=1)) as home:
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.WAIT)
        asked: list[bool] = []

        async def refuses(channel: str, *, guided: bool) -> None:
            asked.append(guided)
            raise NoReply("no answer")

        home.exchange.send_away = refuses  # type: ignore[method-assign]
        home.exchange.breaks["hang_up"] = NoReply("no answer")
        (id,) = await crowd(home, 1)
        await asyncio.sleep(20)
        assert asked == [True] * 3 + [False] * 3
        assert home.exchange.channels[id].alive
        del home.exchange.breaks["hang_up"]
        await home.until(lambda: not home.exchange.channels[id].alive, "the caller is hung up")
        assert home.store.calls["c-1"].stage is Stage.WAIT


async def test_a_caller_who_is_turned_away_in_vain_keeps_no_connection_from_being_recovered():
    async with house(limits=Limits(calls=1)) as home:
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.at("c-1", Stage.WAIT)
        home.exchange.breaks["send_away"] = NoReply("no answer")
        (id,) = await crowd(home, 1)
        await home.pull_the_cable()
        home.exchange.breaks["hang_up"] = NoReply("no answer")
        await home.reconnect()
        assert home.exchange.channels[id].alive
        home.exchange.hang_up(id)
