"""The operator is on the line, the citizen is rung (T10): both are joined, or the callback waits for its next try."""

from __future__ import annotations

from datetime import timedelta

import structlog

from dialplan.names import citizen, talk_bridge
from dialplan.race import first
from dialplan.scene import Scene
from dialplan.switch import ChannelGone, Leg, NotAnswered
from kernel.call import Call, Outcome
from kernel.events import EventKind

log = structlog.get_logger(__name__)

CARRIER = "carrier"
"""The trunk to the public network."""

OPERATOR_LEFT = "operator_left"


async def reach(call: Call, scene: Scene, operator: Leg) -> Call:
    """Ring the citizen for ``operator``, who has answered: the call as it talks, or as it waits again, or given up."""
    assert call.offer is not None
    assert call.callback is not None
    rung, number, attempt = call.rings_citizen(), call.callback.number, call.callback.attempts + 1
    call = scene.save(rung, scene.event(EventKind.CALLBACK_RINGS, rung, call.offer.operator, attempt=attempt))
    seconds = scene.queue(call.queue or "").callback.ring_seconds
    endpoint = f"{number.digits}@{CARRIER}"
    try:
        await ring_back(scene, operator)
        leg = await scene.switch.ring(citizen(call), endpoint, scene.centre().shown_number, seconds)
        return await join_citizen(call, scene, operator, leg)
    except NotAnswered as failed:
        return await _not_reached(call, scene, failed.reason)


async def ring_back(scene: Scene, operator: Leg) -> None:
    """No silence for who has answered and waits for the citizen. Raises NotAnswered."""
    try:
        await scene.switch.ring_back(operator.id)
    except ChannelGone:
        raise NotAnswered(OPERATOR_LEFT) from None


async def reach_on(call: Call, scene: Scene) -> Call:
    """After a crash while the citizen was rung: with both, where both are still there. Nobody is rung twice."""
    assert call.offer is not None
    operator, leg = await scene.switch.find(call.offer.leg), await scene.switch.find(citizen(call))
    if operator is None:
        return await _not_reached(call, scene, OPERATOR_LEFT)
    if leg is None:
        return await _not_reached(call, scene, "no_answer")
    try:
        return await join_citizen(call, scene, operator, leg)
    except NotAnswered as failed:
        return await _not_reached(call, scene, failed.reason)


async def join_citizen(call: Call, scene: Scene, operator: Leg, leg: Leg) -> Call:
    """Both talk. Raises NotAnswered when one of them is not there any more."""
    assert call.offer is not None
    if await first(leg.answered(), operator.gone()) is not None:
        raise NotAnswered(OPERATOR_LEFT)
    await scene.switch.ring_back(operator.id, on=False)
    try:
        await scene.switch.join(talk_bridge(call.id), leg.id, operator.id)
    except ChannelGone as gone:
        raise NotAnswered(OPERATOR_LEFT if gone.id == operator.id else "hung_up") from gone
    scene.desk.talks(call.offer.operator, call.id)
    call = call.talks_with(call.offer.operator, operator.id, scene.now())
    assert call.callback is not None
    dialled = {"purpose": call.callback.purpose} if call.callback.purpose else {}
    return scene.save(call, scene.event(EventKind.CALL_ANSWERED, call, **dialled))


async def _not_reached(call: Call, scene: Scene, reason: str) -> Call:
    """Nobody is left on the line; the next try is later, or there is none."""
    assert call.callback is not None
    assert call.offer is not None
    operator = call.offer.operator
    for name in (citizen(call), call.offer.leg):
        if leg := await scene.switch.find(name):
            await leg.hang_up()
    await scene.switch.part(talk_bridge(call.id))
    rule = scene.queue(call.queue or "").callback
    log.info("the citizen was not reached", attempt=call.callback.attempts, of=rule.attempts, why=reason)
    attempt = call.callback.attempts
    call = call.is_rung_after(scene.now() + timedelta(minutes=rule.minutes_apart))
    told = scene.event(EventKind.CALLBACK_NOT_REACHED, call, operator, attempt=attempt, reason=reason)
    call = scene.save(call, told)
    scene.desk.free(operator, call.id)
    if attempt < rule.attempts:
        return call
    return given_up(call, scene, reason, Outcome.NOT_REACHED)


def given_up(call: Call, scene: Scene, why: str, outcome: Outcome) -> Call:
    """No further try; ``why`` says who cancelled, or what came of the last one."""
    over = call.is_over(scene.now(), outcome)
    return scene.save(over, scene.event(EventKind.CALLBACK_GIVEN_UP, over, why=why))
