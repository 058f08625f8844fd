"""What supervisors order of calls and talks, and what fits an attended transfer. Reasons of refusal are codes."""

from __future__ import annotations

import asyncio

from dialplan.acd.shift import NotPossible, rings_for
from dialplan.desk import Desk
from dialplan.names import is_answering_leg
from dialplan.place import Moved
from dialplan.registry import Registry
from dialplan.transfer import WISHES, respond
from kernel.call import Call, Stage
from kernel.centre import Centre
from kernel.commands import Command, CommandKind
from kernel.operator import BUSY, OperatorState
from kernel.routing import SupervisorSeat


def move_to_queue(order: Command, desk: Desk, registry: Registry, centre: Centre) -> None:
    """Let a waiting call wait in another queue; raises NotPossible. A full or closed one takes it too: it is an order.

    A call that rings already is left alone: the operator is about to answer.
    """
    queue = centre.queue(order.queue or "")
    if queue is None:
        raise NotPossible("unknown_queue")
    _waiting(order, registry)
    desk.move(order.call or "", Moved(queue.id, None, order.by))


def move_to_operator(order: Command, desk: Desk, registry: Registry, centre: Centre) -> None:
    """Let a waiting call wait for one operator, who need not serve its queue; raises NotPossible.

    It waits so as long as that operator is at work, and is everybody's again as soon as not.
    """
    if centre.operator(order.operator) is None:
        raise NotPossible("unknown_operator")
    if not desk.floor.staff.at_work(order.operator):
        raise NotPossible("operator_away")
    call = _waiting(order, registry)
    desk.move(call.id, Moved(call.queue or "", order.operator, order.by))


def answer(order: Command, desk: Desk, registry: Registry, centre: Centre) -> None:
    """Let the operator's own phone, which rings for a call, answer by itself; raises NotPossible.

    Where several ring for a call, one of them is told to. Nobody is at a phone for somebody else.
    """
    seat = centre.operator(order.operator)
    if order.by != order.operator:
        raise NotPossible("not_your_call")
    if seat is None or seat.phone != "auto_answer":
        raise NotPossible("answers_by_hand")
    call = registry.calls.get(order.call or "")
    if call is None or not rings_for(desk.status(order.operator), call.id):
        raise NotPossible("call_is_over")
    told = call.offer is None or is_answering_leg(call.offer.leg)
    if told or not desk.let_answer(call.id, order.operator):
        raise NotPossible("already_done")


WAITING = {
    CommandKind.ANSWER: answer,
    CommandKind.MOVE_TO_QUEUE: move_to_queue,
    CommandKind.MOVE_TO_OPERATOR: move_to_operator,
}
"""What is ordered of calls that wait, or ring."""


def to_the_talk(order: Command, desk: Desk, registry: Registry, centre: Centre) -> None:
    """Pass on to the talk what a supervisor wants in it; raises NotPossible."""
    seat = centre.supervisor(order.by)
    if seat is None:
        raise NotPossible("no_phone")
    call = registry.calls.get(order.call or "")
    if call and call.stage is Stage.CONSULT:
        raise NotPossible("in_consultation")
    if call is None or call.stage is not Stage.TALK:
        raise NotPossible("call_is_over")
    _check_monitor(order, call)
    if call.monitor is None:
        _check_free(seat, desk, registry, centre)
    try:
        registry.requests(call.id).put_nowait(order)
    except asyncio.QueueFull:
        raise NotPossible("already_done") from None


def check_transfer(order: Command, call: Call) -> None:
    """Whether what the operator asks for fits where the attended transfer of ``call`` is; raises NotPossible."""
    if call.stage is not Stage.CONSULT or call.transfer is None:
        raise NotPossible("no_consultation")
    what = WISHES.get(order.kind)
    interpreted = call.transfer.language is not None
    if what is None or respond(call.transfer.step, what, interpreted=interpreted) is None:
        raise NotPossible("in_consultation")


def _waiting(order: Command, registry: Registry) -> Call:
    call = registry.calls.get(order.call or "")
    if call is None or call.stage is not Stage.WAIT:
        raise NotPossible("call_is_over")
    return call


def _check_monitor(order: Command, call: Call) -> None:
    """One supervisor at a talk: two would not know of each other."""
    if call.operator == order.by:
        raise NotPossible("already_done")
    if call.monitor is None:
        if order.kind is CommandKind.STOP_LISTENING:
            raise NotPossible("already_done")
    elif call.monitor.supervisor != order.by:
        raise NotPossible("monitored_already")
    elif call.monitor.mode.value == order.kind.value:
        raise NotPossible("already_done")


def _check_free(seat: SupervisorSeat, desk: Desk, registry: Registry, centre: Centre) -> None:
    """The supervisor's phone rings for this talk alone; one that is an operator's too must not be waiting for calls."""
    for call in registry.calls.values():
        leads = call.operator == seat.id and call.talk_ended is None
        if leads or (call.monitor and call.monitor.supervisor == seat.id):
            raise NotPossible("supervisor_busy")
    shared = (desk.status(operator.id) for operator in centre.operators if operator.extension == seat.extension)
    if any(status.state in BUSY or status.state is OperatorState.READY for status in shared):
        raise NotPossible("supervisor_busy")
    if not desk.floor.staff.rings(seat.extension):
        raise NotPossible("supervisor_unreachable")
