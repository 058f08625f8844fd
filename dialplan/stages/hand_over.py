"""内線転送: the caller is put through to an extension of the city hall."""

from __future__ import annotations

from dialplan.names import citizen, city_leg, talk_bridge
from dialplan.race import first
from dialplan.scene import Scene
from dialplan.stages.end_talk import end_talk, when_over
from dialplan.stages.recorded import stop_recording
from dialplan.stages.wrap_up import begin_wrap_up
from dialplan.switch import ChannelGone, Leg, NotAnswered
from kernel.call import Call, CallerGone, Outcome
from kernel.events import EventKind

CITY_RING_SECONDS = 30


async def hand_over(call: Call, scene: Scene) -> Call:
    """Ring the extension and connect; the caller hears music meanwhile and comes back to the queue when it fails.

    The recording has stopped before the department can hear anything (hard case 24), and the operator is in wrap-up
    from the start. Entered again after a crash it goes on where it was: ``talk_ended`` says that the operator is off,
    the outcome that the department has answered.
    """
    try:
        if call.talk_ended is None:
            call = await _release_operator(call, scene)
        if call.outcome is Outcome.HANDED_OVER:
            return await _again(call, scene)
        return await _with(await _put_through(call, scene), call, scene)
    except NotAnswered as failed:
        failure = scene.event(EventKind.HAND_OVER_FAILED, call, extension=call.extension, reason=failed.reason)
        back = call.waits_in(call.queue or "", scene.now())
        return scene.save(back, failure, scene.event(EventKind.CALL_QUEUED, back))
    except CallerGone as gone:
        return await end_talk(call, scene, gone.at)


async def _release_operator(call: Call, scene: Scene) -> Call:
    await scene.line.hold()
    await stop_recording(call, scene)
    if leg := await scene.switch.find(call.operator_leg or ""):
        await leg.hang_up()
    started = scene.event(EventKind.HAND_OVER_STARTED, call, extension=call.extension)
    return begin_wrap_up(call, scene, scene.now(), started)


async def _put_through(call: Call, scene: Scene) -> Leg:
    extension = call.extension or ""
    leg = await scene.switch.ring(city_leg(call.id, extension), f"{extension}@city-pbx", "", CITY_RING_SECONDS)
    await scene.line.unless_gone(leg.answered())
    try:
        await scene.switch.join(talk_bridge(call.id), citizen(call), leg.id)
    except ChannelGone as gone:
        await leg.hang_up()
        await scene.line.answer()  # raises CallerGone when it was the caller
        raise NotAnswered("hung_up") from gone
    return leg


async def _with(leg: Leg, call: Call, scene: Scene) -> Call:
    """The caller talks with the department until one of them hangs up."""
    call = call.department_answers()
    call = scene.save(call, scene.event(EventKind.HAND_OVER_ANSWERED, call, extension=call.extension))
    return await end_talk(call, scene, await first(scene.line.gone(), leg.gone()))


async def _again(call: Call, scene: Scene) -> Call:
    """After a crash, with whom is still there."""
    leg = await scene.switch.find(city_leg(call.id, call.extension or ""))
    if leg is None:
        return await end_talk(call, scene, await when_over(scene))
    try:
        await scene.switch.join(talk_bridge(call.id), citizen(call), leg.id)
    except ChannelGone:
        return await end_talk(call, scene, await when_over(scene))
    return await end_talk(call, scene, await first(scene.line.gone(), leg.gone()))
