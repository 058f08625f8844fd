"""Whole centres in virtual time, driven at random: callers, clicks, phones, crashes and pulled cables in any order."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass

import looptime
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialplan.names import is_monitor_leg, owner, read_operator_leg
from kernel.call import Stage
from kernel.commands import MONITORING, TRANSFERRING, CommandKind
from kernel.operator import BUSY, OperatorState
from tests.support.house import House, house

PHONES = {"sato": "7001", "suzuki": "7002", "takahashi": "7003"}
CITY = "2301"
SETTLED_SECONDS = 0.5
JOURNEYS = 150
SUPERVISOR, DESK = "kanri", "7901"
ORDERS = (*sorted(MONITORING), CommandKind.MOVE_TO_QUEUE, CommandKind.MOVE_TO_OPERATOR, CommandKind.PUT_BACK)
LED = (CommandKind.HANG_UP, CommandKind.HAND_OVER, CommandKind.TAKE_OVER, CommandKind.PUT_BACK)


@dataclass(frozen=True)
class Step:
    """``what`` happens, to ``who``, ``with_`` what; then ``seconds`` pass."""

    what: str
    who: str = ""
    with_: str = ""
    seconds: float = 1.0


CALLERS = st.sampled_from(["c-1", "c-2", "c-3", "c-4"])
OPERATORS = st.sampled_from(sorted(PHONES))
SECONDS = st.sampled_from([0.0, 0.05, 0.6, 1.0, 3.0, 17.0, 40.0])
KEYS = st.sampled_from(["1", "2", "0", "", "9", "91"])
HABITS = st.sampled_from(["never", "busy", "by hand", "0", "0.05", "1", "4"])
CLICKS = st.sampled_from([kind.value for kind in CommandKind if kind not in ORDERS])
ORDERED = st.sampled_from([kind.value for kind in (*ORDERS, *LED)])

STEPS = st.one_of(
    st.builds(Step, st.just("call"), CALLERS, KEYS, SECONDS),
    st.builds(Step, st.just("call"), CALLERS, KEYS, SECONDS),
    st.builds(Step, st.just("caller hangs up"), CALLERS, st.just(""), SECONDS),
    st.builds(Step, st.just("phone hangs up"), OPERATORS, st.just(""), SECONDS),
    st.builds(Step, st.just("city hangs up"), CALLERS, st.just(""), SECONDS),
    st.builds(Step, st.just("habit"), st.sampled_from([*PHONES.values(), DESK, f"{CITY}@city-pbx"]), HABITS, SECONDS),
    st.builds(Step, st.just("click"), OPERATORS, CLICKS, SECONDS),
    st.builds(Step, st.just("click"), OPERATORS, CLICKS, SECONDS),
    st.builds(Step, st.just("click"), OPERATORS, st.sampled_from(["hand_over", "answer"]), SECONDS),
    st.builds(Step, st.just("click"), OPERATORS, st.sampled_from(["consult", *sorted(TRANSFERRING)]), SECONDS),
    st.builds(Step, st.just("order"), CALLERS, ORDERED, SECONDS),
    st.builds(Step, st.just("order"), CALLERS, ORDERED, SECONDS),
    st.builds(Step, st.just("supervisor hangs up"), st.just(""), st.just(""), SECONDS),
    st.builds(Step, st.just("crash"), st.just(""), st.just(""), SECONDS),
    st.builds(Step, st.just("cable"), st.just(""), st.just(""), SECONDS),
)


@settings(max_examples=JOURNEYS, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(STEPS, min_size=5, max_size=40))
@pytest.mark.timeout(300)
def test_every_journey_ends_and_nobody_is_forgotten_on_the_way(steps: list[Step]):
    with asyncio.Runner(loop_factory=looptime.new_event_loop) as runner:
        runner.run(journey(steps))


async def journey(steps: list[Step]) -> None:
    async with house() as home:
        seats = tuple(seat.model_copy(update={"phone": "auto_answer"}) for seat in home.store.centre.operators)
        home.store.centre = home.store.centre.model_copy(update={"operators": seats})
        home.ready(*PHONES)
        for phone in (*PHONES.values(), DESK):
            home.phone(phone, answers_after=1)
        await home.controller()
        for step in steps:
            await take(home, step)
            nobody_has_two_calls(home)
        await asyncio.sleep(SETTLED_SECONDS)
        every_caller_hears_something(home)
        await everybody_leaves(home)
        nothing_is_left(home)


async def take(home: House, step: Step) -> None:
    match step.what:
        case "call":
            if step.who not in home.exchange.channels:
                home.exchange.call(step.who, keys=step.with_)
        case "caller hangs up" | "phone hangs up" | "supervisor hangs up" | "city hangs up":
            for channel in whose(home, step):
                home.exchange.hang_up(channel)
        case "order":
            await order(home, step.who, CommandKind(step.with_))
        case "habit":
            change_habit(home, step.who, step.with_)
        case "click":
            await click(home, step.who, CommandKind(step.with_))
        case "crash":
            await home.kill()
            await asyncio.sleep(step.seconds)
            await home.controller()
        case _:
            await home.pull_the_cable()
            await asyncio.sleep(step.seconds)
            await home.reconnect()
    await asyncio.sleep(step.seconds)


def whose(home: House, step: Step) -> list[str]:
    """The channels of who hangs up."""
    match step.what:
        case "caller hangs up":
            known = [step.who]
        case "city hangs up":
            known = [id for id in home.exchange.channels if id.startswith(f"{step.who}~city~")]
        case "phone hangs up":
            known = live_legs(home)[step.who]
        case _:
            known = supervisors_legs(home)
    return [channel for channel in known if channel in home.exchange.channels]


def change_habit(home: House, phone: str, habit: str) -> None:
    match habit:
        case "never":
            home.phone(phone)
        case "busy":
            home.phone(phone, refuses="busy")
        case "by hand":
            home.phone(phone, answers_after=4, obeys=False)
        case _:
            home.phone(phone, answers_after=float(habit))


async def click(home: House, operator: str, kind: CommandKind) -> None:
    """As the console would: about the call that the operator has at hand."""
    call = home.store.by_operator[operator].call
    match kind:
        case CommandKind.HAND_OVER | CommandKind.CONSULT:
            await home.click(kind, operator, call, extension=CITY)
        case CommandKind.PAUSE:
            await home.click(kind, operator, reason="休憩")
        case _:
            await home.click(kind, operator, call)


async def order(home: House, call: str, kind: CommandKind) -> None:
    """As the wallboard would: about a call of which the supervisor knows."""
    if known := home.store.calls.get(call):
        about = "suzuki" if kind is CommandKind.MOVE_TO_OPERATOR else known.operator or SUPERVISOR
        await home.click(kind, about, call, by=SUPERVISOR, queue="exchange", extension=CITY)


def supervisors_legs(home: House) -> list[str]:
    return [id for id, channel in home.exchange.channels.items() if channel.alive and is_monitor_leg(id)]


def live_legs(home: House) -> dict[str, list[str]]:
    legs: dict[str, list[str]] = {operator: [] for operator in PHONES}
    for id, channel in home.exchange.channels.items():
        if channel.alive and (name := read_operator_leg(id)):
            legs[name.operator].append(id)
    return legs


def nobody_has_two_calls(home: House) -> None:
    twice = {operator: legs for operator, legs in live_legs(home).items() if len(legs) > 1}
    assert not twice, f"phones with two calls: {twice}"
    assert len(supervisors_legs(home)) <= 1


def every_caller_hears_something(home: House) -> None:
    for id, channel in home.exchange.channels.items():
        if owner(id) or not channel.alive or channel.apologised:
            continue
        stage = home.store.calls[id].stage
        partner = any(id in members and len(members) > 1 for members in home.exchange.members.values())
        assert stage in {Stage.GREET, Stage.MENU} or channel.music or partner, f"{id} hears nothing in {stage}"


async def everybody_leaves(home: House) -> None:
    for id, channel in list(home.exchange.channels.items()):
        if channel.alive and not owner(id):
            home.exchange.hang_up(id)
    await asyncio.sleep(60)
    for operator in PHONES:
        status = home.store.by_operator[operator]
        if status.state is OperatorState.WRAP_UP:
            await home.click(CommandKind.FINISH_WRAP_UP, operator, status.call)
    await asyncio.sleep(60)


def nothing_is_left(home: House) -> None:
    live = [id for id, channel in home.exchange.channels.items() if channel.alive]
    assert not live, f"lines that nobody hung up: {live}"
    assert not home.exchange.members, "bridges that nobody took down"
    assert not home.exchange.live_recordings
    assert not home.exchange.ears, "spies that nobody ended"
    assert SUPERVISOR not in home.store.by_operator, "a supervisor is no operator"
    busy = {operator: status for operator, status in home.store.by_operator.items() if status.state in BUSY}
    assert not busy, f"operators who are kept busy: {busy}"
    for id, call in home.store.calls.items():
        kinds = Counter(home.store.kinds(id))
        assert call.stage is Stage.ENDED, f"{id} is stuck in {call.stage}"
        assert (kinds["call_arrived"], kinds["call_ended"], kinds["call_failed"]) == (1, 1, 0), f"{id}: {kinds}"
        assert call.ended is not None
        assert call.arrived <= call.ended
        assert kinds["hand_over_started"] >= kinds["hand_over_failed"] + kinds["hand_over_answered"]
    arrived = {id for id in home.exchange.channels if not owner(id)}
    assert arrived == set(home.store.calls), "callers whom nobody noticed"
