"""What to do on a new connection: saved calls against what lives in the exchange. Pure.

Every unfinished call is resumed at its saved stage, also one whose caller has gone: its line finds that out, with the
time, and the call ends by the ordinary path. What is decided here is the rest: offers that were made but not yet saved,
callers whom nobody knows, and legs and bridges without a call.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from dialplan.acd import shift
from dialplan.names import (
    LegName,
    call_legs,
    is_answering_leg,
    is_monitor_leg,
    monitor_bridge,
    owner,
    read_citizen_leg,
    read_operator_leg,
    talk_bridge,
)
from kernel.call import Call, Offer, Stage
from kernel.operator import BUSY, OperatorState, OperatorStatus


@dataclass(frozen=True, slots=True)
class Plan:
    """``resume``: calls to carry on. ``strangers``: callers' channels without a call. The rest is to be ended."""

    resume: tuple[Call, ...]
    strangers: tuple[str, ...]
    orphan_legs: tuple[str, ...]
    orphan_bridges: tuple[str, ...]


def plan(saved: Iterable[Call], ours: Collection[str], bridges: Collection[str], now: datetime) -> Plan:
    """Compare ``saved`` unfinished calls with the channels in our application (``ours``) and all ``bridges``."""
    legs = [id for id in ours if owner(id)]
    calls = {call.id: _with_unsaved(call, legs, now) for call in saved}
    used = {leg for call in calls.values() for leg in call_legs(call)}
    used.update(leg for leg in legs if _rung(calls, [leg]))
    talks = {talk_bridge(id) for id in calls} | {monitor_bridge(call.id) for call in calls.values() if call.monitor}
    return Plan(
        resume=tuple(calls.values()),
        strangers=tuple(id for id in ours if not owner(id) and id not in calls),
        orphan_legs=tuple(leg for leg in legs if leg not in used),
        orphan_bridges=tuple(id for id in bridges if owner(id) and id not in talks),
    )


WITH_OPERATOR = frozenset({Stage.TALK, Stage.CONSULT, Stage.HAND_OVER, Stage.TELL})
OFFERED = frozenset({Stage.WAIT, Stage.CALL_BACK})
RINGS_CITIZEN = frozenset({Stage.CALL_BACK, Stage.DIAL})


def _with_unsaved(call: Call, legs: Iterable[str], now: datetime) -> Call:
    legs = tuple(legs)
    return _with_unsaved_try(_with_unsaved_answer(_with_unsaved_offer(call, legs, now), legs), legs)


def _with_unsaved_offer(call: Call, legs: Iterable[str], now: datetime) -> Call:
    """A phone that rings for a waiting call is that call's offer, though the crash came before the save."""
    if call.stage not in OFFERED or call.offer is not None:
        return call
    names = ((leg, read_operator_leg(leg)) for leg in legs)
    rung = [(name.offer, name.operator, leg) for leg, name in names if name and name.call == call.id]
    newest = max(rung, default=None)
    if newest is None or newest[0] <= call.offers:
        return call
    offer, operator, leg = newest
    return replace(call, offers=offer, offer=Offer(operator, leg, now))


def _with_unsaved_answer(call: Call, legs: Iterable[str]) -> Call:
    """A phone that was rung anew to answer by itself stands in the call's offer, though the crash came before."""
    if call.offer:
        for leg in filter(is_answering_leg, legs):
            for name in _rung({call.id: call}, [leg]):
                return replace(call, offer=Offer(name.operator, leg, call.offer.since))
    return call


def _with_unsaved_try(call: Call, legs: Iterable[str]) -> Call:
    """A citizen's phone that rings for a callback is its latest try, though the crash came before the save."""
    if call.stage not in RINGS_CITIZEN or call.callback is None or call.offer is None:
        return call
    names = [name for name in map(read_citizen_leg, legs) if name and name[0] == call.id]
    newest = max((attempt for _, attempt in names), default=0)
    if newest <= call.callback.attempts:
        return call
    return replace(call, callback=replace(call.callback, attempts=newest, ringing=True))


def _rung(calls: Mapping[str, Call], legs: Iterable[str]) -> list[LegName]:
    """The legs of the offers that are being made: one offer may ring several operators."""
    names = [name for name in map(read_operator_leg, legs) if name and name.call in calls]
    return [name for name in names if calls[name.call].offer and calls[name.call].offers == name.offer]


def is_wanted(leg: str, calls: Mapping[str, Call]) -> bool:
    """Whether one of ``calls`` waits for the phone ``leg``, or talks by it; else it was rung for nobody any more."""
    call = calls.get(owner(leg) or "")
    return call is not None and (leg in call_legs(call) or bool(_rung(calls, [leg])))


def statuses_after(
    saved: Iterable[OperatorStatus], calls: Mapping[str, Call], now: datetime, ours: Collection[str] = ()
) -> tuple[OperatorStatus, ...]:
    """The operators' states, made to agree with the calls: nobody rings or talks for a call that does not.

    ``ours`` are the channels in our application: of several operators whom one call rings only one stands in the call.
    A supervisor who has taken a call over is no operator and has no state.
    """
    statuses = {status.operator: status for status in saved}
    rung = _rung(calls, ours)
    for name in rung:
        _agree(statuses, name.operator, OperatorState.RINGING, name.call, now)
    ringing = {(name.operator, name.call) for name in rung}
    for call in calls.values():
        if call.offer:
            ringing.add((call.offer.operator, call.id))
            _agree(statuses, call.offer.operator, OperatorState.RINGING, call.id, now)
        elif _talks(call):
            _agree(
                statuses,
                call.operator or "",
                OperatorState.ON_HOLD if call.held or call.lost else OperatorState.TALKING,
                call.id,
                now,
            )
    return tuple(
        status if status.state not in BUSY or _is_at(status, calls, ringing) else shift.free(status, now)
        for status in statuses.values()
    )


def _talks(call: Call) -> bool:
    """Whether an operator, not a supervisor who took over, talks in it."""
    talks = call.stage in {Stage.TALK, Stage.CONSULT} and call.talk_ended is None
    return talks and call.operator is not None and not is_monitor_leg(call.operator_leg)


def _agree(statuses: dict[str, OperatorStatus], operator: str, state: OperatorState, call: str, now: datetime) -> None:
    status = statuses.get(operator) or shift.logged_out(operator, now)
    if (status.state, status.call) != (state, call):
        statuses[operator] = status.becomes(state, now, call=call)


def _is_at(status: OperatorStatus, calls: Mapping[str, Call], ringing: Collection[tuple[str, str]]) -> bool:
    call = calls.get(status.call or "")
    match status.state:
        case OperatorState.RINGING:
            return (status.operator, status.call) in ringing
        case OperatorState.TALKING | OperatorState.ON_HOLD:
            return call is not None and call.stage in WITH_OPERATOR and call.operator == status.operator
        case _:
            return True
