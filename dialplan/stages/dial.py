"""架電 (T10): the operator's phone is rung, then the citizen; both talk, or it comes to nothing."""

from __future__ import annotations

import asyncio

import structlog

from dialplan.names import citizen, talk_bridge
from dialplan.race import first
from dialplan.scene import Scene
from dialplan.stages.reach import CARRIER, OPERATOR_LEFT, join_citizen, ring_back
from dialplan.switch import Leg, NotAnswered
from kernel.call import Call, Outcome
from kernel.events import EventKind
from kernel.outgoing import DEFAULT_PURPOSE, dialled

log = structlog.get_logger(__name__)

OPERATOR_RING_SECONDS = 20


async def dial(call: Call, scene: Scene) -> Call:
    """Return when they talk, or when nobody is on the line any more.

    The operator may hang up, or click so, as long as nobody has answered. After a crash it goes on with who is there:
    the citizen is never rung twice.
    """
    assert call.offer is not None
    return await first(_called(call, scene), _hang_up_once_asked(call, call.offer.leg, scene))


async def _called(call: Call, scene: Scene) -> Call:
    try:
        operator = await _operator(call, scene)
        await ring_back(scene, operator)
        call, leg = await _citizen(call, scene)
        return await join_citizen(call, scene, operator, leg)
    except NotAnswered as failed:
        return await _in_vain(call, scene, failed.reason)


async def _hang_up_once_asked(call: Call, leg: str, scene: Scene) -> Call:
    """The operator's wish to hang up ends the operator's leg, and that the rest: this itself never returns."""
    await scene.requests.get()
    if found := await scene.switch.find(leg):
        await found.hang_up()
    await asyncio.Event().wait()
    return call


async def _operator(call: Call, scene: Scene) -> Leg:
    """The operator's phone, answered. Raises NotAnswered."""
    assert call.offer is not None
    assert call.callback is not None
    if call.callback.attempts:
        if leg := await scene.switch.find(call.offer.leg):
            return leg
        raise NotAnswered(OPERATOR_LEFT)
    seat = scene.centre().operator(call.offer.operator)
    if seat is None:
        raise NotAnswered("unreachable")
    shows = call.callback.number.digits
    leg = await scene.switch.ring(call.offer.leg, seat.extension, shows, OPERATOR_RING_SECONDS, answers_itself=True)
    await leg.answered()
    return leg


async def _citizen(call: Call, scene: Scene) -> tuple[Call, Leg]:
    """The citizen's phone as it rings, by the trunk to the public network."""
    assert call.offer is not None
    assert call.callback is not None
    outgoing, number = scene.centre().outgoing, call.callback.number
    if call.callback.attempts:
        if leg := await scene.switch.find(citizen(call)):
            return call, leg
        raise NotAnswered("no_answer")
    purpose = outgoing.purpose(call.callback.purpose or "") or DEFAULT_PURPOSE
    endpoint = f"{dialled(number, purpose)}@{CARRIER}"
    rung = call.rings_citizen()
    call = scene.save(rung, scene.event(EventKind.CITIZEN_RINGS, rung, call.offer.operator))
    return call, await scene.switch.ring(citizen(call), endpoint, call.dialled, outgoing.ring_seconds)


async def _in_vain(call: Call, scene: Scene, reason: str) -> Call:
    assert call.offer is not None
    operator = call.offer.operator
    for name in (citizen(call), call.offer.leg):
        if leg := await scene.switch.find(name):
            await leg.hang_up()
    await scene.switch.part(talk_bridge(call.id))
    log.info("the citizen was not reached", why=reason)
    over = call.is_over(scene.now(), Outcome.NOT_CONNECTED)
    over = scene.save(over, scene.event(EventKind.NOT_CONNECTED, over, operator, reason=reason))
    scene.desk.free(operator, call.id)
    return over
