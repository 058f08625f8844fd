"""内線転送: the caller is put through to an extension of the city hall."""

from __future__ import annotations

from dataclasses import replace

import structlog

from dialplan.names import city_leg, talk_bridge
from dialplan.race import first
from dialplan.scene import Scene
from dialplan.stages.recorded import stop_recording
from dialplan.stages.wrap_up import begin_wrap_up
from dialplan.switch import ChannelGone, Leg, NotAnswered
from kernel.call import Call, CallerGone, Outcome
from kernel.events import EventKind

log = structlog.get_logger(__name__)

CITY_RING_SECONDS = 30


async def hand_over(call: Call, scene: Scene) -> Call:
    """Ring the extension and connect; the caller hears music meanwhile and comes back to the queue when it fails.

    The recording has stopped before the department can hear anything (hard case 24), and the operator is in wrap-up
    from the start.
    """
    extension = call.extension or ""
    await stop_recording(call, scene)
    await _release_operator(call, scene)
    wrapping = begin_wrap_up(call, scene)
    call = replace(call, wrap_up_until=wrapping.wrap_up_until)
    call = scene.save(call, scene.event(EventKind.HAND_OVER_STARTED, call, extension=extension))
    try:
        leg = await _put_through(call, scene, extension)
    except NotAnswered as failed:
        failure = scene.event(EventKind.HAND_OVER_FAILED, call, extension=extension, reason=failed.reason)
        back = replace(call, wrap_up_until=None).waits_in(call.queue or "", scene.now())
        return scene.save(back, failure, scene.event(EventKind.CALL_QUEUED, back))
    call = scene.save(call, scene.event(EventKind.HAND_OVER_ANSWERED, call, extension=extension))
    await first(scene.line.gone(), leg.gone())
    await leg.hang_up()
    return await _over(call, scene)


async def _release_operator(call: Call, scene: Scene) -> None:
    await scene.line.hold()
    if leg := await scene.switch.find(call.operator_leg or ""):
        await leg.hang_up()


async def _put_through(call: Call, scene: Scene, extension: str) -> Leg:
    leg = await scene.switch.ring(city_leg(call.id, extension), f"{extension}@city-pbx", "", CITY_RING_SECONDS)
    try:
        await scene.line.unless_gone(leg.answered())
        await scene.switch.join(talk_bridge(call.id), call.id, leg.id)
    except CallerGone:
        await leg.hang_up()
        raise
    except ChannelGone as gone:
        await leg.hang_up()
        raise NotAnswered("hung_up") from gone
    return leg


async def _over(call: Call, scene: Scene) -> Call:
    await scene.line.hang_up()
    await scene.switch.part(talk_bridge(call.id))
    over = replace(call, outcome=Outcome.HANDED_OVER).wraps_up(scene.now(), call.wrap_up_until)
    return scene.save(over, scene.event(EventKind.TALK_ENDED, over))
