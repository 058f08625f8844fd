"""内線転送: the caller is put through to an extension of the city hall."""

from __future__ import annotations

import asyncio

from dialplan.names import citizen, department, talk_bridge
from dialplan.race import first
from dialplan.scene import Scene
from dialplan.stages.end_talk import end_talk, when_over
from dialplan.stages.recorded import stop_recording
from dialplan.stages.return_call import return_call
from dialplan.stages.wrap_up import begin_wrap_up
from dialplan.switch import ChannelGone, Leg, NotAnswered
from kernel.call import Call, CallerGone, Outcome
from kernel.events import Event, EventKind


async def hand_over(call: Call, scene: Scene) -> Call:
    """Ring the extension and connect; the caller hears music meanwhile and comes back when it fails.

    The recording has stopped before the department can hear anything (hard case 24), and the operator is in wrap-up
    from the start. Entered again after a crash it goes on where it was: ``talk_ended`` says that the operator is off,
    the outcome that the department has answered.
    """
    ringing: Leg | NotAnswered | None = None
    try:
        if call.talk_ended is None:
            call, ringing = await _begin(call, scene)
        if call.outcome is Outcome.HANDED_OVER:
            return await _again(call, scene)
        return await _with(await _put_through(ringing or await _ring(call, scene), call, scene), call, scene)
    except NotAnswered as failed:
        return return_call(call, scene, call.extension or "", failed.reason)
    except CallerGone as gone:
        if call.operator is None and call.outcome is None:
            raise
        return await end_talk(call, scene, gone.at)


async def _begin(call: Call, scene: Scene) -> tuple[Call, Leg | NotAnswered | None]:
    """The department rings first of all; music, recording and operator follow while it does."""
    started = scene.event(EventKind.HAND_OVER_STARTED, call, extension=call.extension)
    releasing = asyncio.ensure_future(release_operator(call, scene, started))
    try:
        ringing = None if call.outcome is Outcome.HANDED_OVER else await _ring(call, scene)
        return await releasing, ringing
    finally:
        releasing.cancel()
        await asyncio.gather(releasing, return_exceptions=True)


async def release_operator(call: Call, scene: Scene, told: Event) -> Call:
    """The caller hears music, nothing is recorded, and the operator writes up the talk from now on; ``told`` says why.

    Whom the voicebot puts through has none. Raises CallerGone.
    """
    await scene.line.hold()
    if call.operator:
        await stop_recording(call, scene)
        await _hang_up_operator(call, scene)
    return begin_wrap_up(call, scene, scene.now(), told)


async def _hang_up_operator(call: Call, scene: Scene) -> None:
    if call.operator_leg and (leg := await scene.switch.find(call.operator_leg)):
        await leg.hang_up()


async def _ring(call: Call, scene: Scene) -> Leg | NotAnswered:
    """A department that rings already, since it was to be asked first, rings on; or why there is no way to it."""
    outgoing = scene.centre().outgoing
    shows, seconds = outgoing.internal_extension or "", outgoing.hand_over_seconds
    try:
        return await scene.switch.ring(department(call), f"{call.extension}@city-pbx", shows, seconds)
    except NotAnswered as failed:
        return failed


async def _put_through(leg: Leg | NotAnswered, call: Call, scene: Scene) -> Leg:
    if isinstance(leg, NotAnswered):
        raise leg
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
    """After a crash, or an attended transfer, with whom is still there."""
    await _hang_up_operator(call, scene)
    leg = await scene.switch.find(department(call))
    if leg is None:
        return await end_talk(call, scene, await when_over(scene))
    try:
        await scene.switch.join(talk_bridge(call.id), citizen(call), leg.id)
    except ChannelGone:
        return await end_talk(call, scene, await when_over(scene))
    return await end_talk(call, scene, await first(scene.line.gone(), leg.gone()))
