"""A shift over midnight in Japan, with a crash and a controller that was down, adds up to the microsecond."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from datetime import datetime, timedelta
from typing import get_args

import pytest

from crm.figures.count import Logged, count, worked_in
from crm.figures.kept import figures_of, plain, plain_shifts, shifts_of
from crm.figures.shifts import Shift, shifts
from kernel.call import Stage
from kernel.centre import Hours, Weekday
from kernel.commands import CommandKind
from kernel.events import Event, EventKind
from kernel.figures import Figures, OperatorFigures, rules_of
from kernel.operator import OperatorState
from tests.support.house import TUESDAY_NOON, House, house

pytestmark = pytest.mark.looptime
MIDNIGHT = TUESDAY_NOON + timedelta(hours=12)
DAY = timedelta(days=1)
DOWN_SECONDS = 300
DAY_AND_NIGHT = Hours.model_validate({"week": {day: ["00:00-24:00"] for day in get_args(Weekday)}})


async def a_night(home: House) -> tuple[datetime, datetime]:
    """Sato comes at ten to twelve, talks, holds, loses the controller, has a break over midnight, and goes at 0:20."""
    home.start = MIDNIGHT - timedelta(minutes=10)
    home.store.centre = home.store.centre.model_copy(update={"hours": DAY_AND_NIGHT})
    home.phone("7001", answers_after=1)
    await home.controller()
    came = home.now()
    await home.click(CommandKind.LOG_IN, "sato")
    await home.until(lambda: "sato" in home.store.by_operator, "sato sits down")
    await home.click(CommandKind.READY, "sato")
    home.exchange.call("c-1", keys="1")
    await home.at("c-1", Stage.TALK)
    await asyncio.sleep(20)
    await home.click(CommandKind.HOLD, "sato", "c-1")
    await home.until(lambda: home.operator("sato") is OperatorState.ON_HOLD, "the hold")
    await asyncio.sleep(15)
    await home.kill()
    await asyncio.sleep(5)
    await home.controller()
    await home.click(CommandKind.RESUME, "sato", "c-1")
    await home.until(lambda: home.operator("sato") is OperatorState.TALKING, "the talk")
    home.exchange.hang_up("c-1")
    await home.at("c-1", Stage.WRAP_UP)
    await home.kill()
    await asyncio.sleep(DOWN_SECONDS)
    await home.controller()
    await home.click(CommandKind.FINISH_WRAP_UP, "sato", "c-1")
    await home.until(lambda: home.operator("sato") is OperatorState.READY, "the wrap-up is over")
    await home.click(CommandKind.PAUSE, "sato", reason="休憩")
    await asyncio.sleep((MIDNIGHT + timedelta(minutes=20) - home.now()).total_seconds())
    left = home.now()
    await home.click(CommandKind.LOG_OUT, "sato")
    await home.until(lambda: home.operator("sato") is OperatorState.LOGGED_OUT, "sato is gone")
    return came, left


def told(home: House, since: datetime) -> Logged:
    events = [one.event for one in home.store.stored]
    changes = [event for event in events if event.kind is EventKind.OPERATOR_CHANGED]
    opening = {event.operator: event for event in changes if event.at < since}
    within = [event for event in events if event not in changes or since <= event.at < since + DAY]
    return Logged(since, since + DAY, list(opening.values()), within)


def by_hand(changes: list[Event], since: datetime, until: datetime) -> dict[tuple[str, str], timedelta]:
    """Another way to the same: each change lasts until the next."""
    sums: defaultdict[tuple[str, str], timedelta] = defaultdict(timedelta)
    for event, following in zip(changes, [*changes[1:], None], strict=True):
        begins, ends = max(event.at, since), min(following.at if following else until, until)
        state = str(event.data["state"])
        if begins < ends and state != "logged_out":
            sums[state, str(event.data["reason"] or "") if state == "paused" else ""] += ends - begins
    return dict(sums)


async def test_states_and_reasons_add_up_to_the_shift_on_both_days():
    async with house() as home:
        came, left = await a_night(home)
        changes = [one.event for one in home.store.stored if one.event.kind is EventKind.OPERATOR_CHANGED]
        days: list[Shift] = []
        for since in (MIDNIGHT - DAY, MIDNIGHT):
            (one,) = shifts(worked_in(told(home, since), home.now() + DAY), since + DAY)
            assert one.times == by_hand(changes, since, since + DAY)
            days.append(one)
        evening, night = days
        assert evening.total + night.total == changes[-1].at - changes[0].at
        assert timedelta() <= evening.logged_in - came < timedelta(seconds=1)
        assert (evening.logged_out, night.logged_in) == (None, MIDNIGHT)
        assert evening.total == MIDNIGHT - evening.logged_in
        assert night.logged_out is not None
        assert timedelta() <= night.logged_out - left < timedelta(seconds=1)
        assert set(night.times) == {("paused", "休憩")}
        assert shifts_of(plain_shifts(days)) == tuple(days)


async def test_while_the_controller_was_down_the_state_that_held_goes_on():
    async with house() as home:
        await a_night(home)
        (evening,) = shifts(worked_in(told(home, MIDNIGHT - DAY), MIDNIGHT), MIDNIGHT)
        assert evening.times["wrap_up", ""] > timedelta(seconds=DOWN_SECONDS)
        assert timedelta(seconds=20) < evening.times["on_hold", ""] < timedelta(seconds=30)


async def test_the_figures_of_queue_and_operator_are_those_of_the_shift():
    async with house() as home:
        await a_night(home)
        figures = count(told(home, MIDNIGHT - DAY), rules_of(home.store.centre), MIDNIGHT + DAY)
        (shift,) = shifts(worked_in(told(home, MIDNIGHT - DAY), MIDNIGHT + DAY), MIDNIGHT)
        sato = sum((one for (_, who), one in figures.operators.items() if who == "sato"), OperatorFigures())
        assert sato.shift == shift.total
        assert (sato.talk, sato.hold) == (shift.times["talking", ""], shift.times["on_hold", ""])
        assert (sato.paused, sato.ready) == (
            shift.times["paused", "休憩"] + shift.times["paused", ""],
            shift.times["ready", ""],
        )
        queue = [one for (_, id), one in figures.queues.items() if id == "enquiries"]
        assert sum((one.hold for one in queue), timedelta()) == sato.hold
        assert sum((one.talk for one in queue), timedelta()) == sato.talk
        assert sum((one.wrap_up for one in queue), timedelta()) == sato.wrap_up
        assert sum(one.answered for one in queue) == sato.answered == 1
        assert figures_of(plain(figures)) == figures != Figures()
