"""引き継ぎ: a supervisor, who talks with both already, has the call instead of the operator; and gives it back."""

from __future__ import annotations

from datetime import timedelta

from dialplan.scene import Scene
from dialplan.stages.recorded import stop_recording
from kernel.call import Call
from kernel.events import EventKind
from kernel.monitor import MonitorMode


async def take_over(call: Call, scene: Scene) -> Call:
    """The same talk with the supervisor as its operator. The caller and the recording notice nothing.

    The operator is in wrap-up: who answered writes the history, whoever talked last. The call is saved before the
    operator's phone is let go, so that after a crash in between that phone is the leg without a call.
    """
    operator, operator_leg = call.operator or "", call.operator_leg or ""
    limit = scene.queue(call.queue or "").wrap_up_seconds
    scene.desk.wrap_up(operator, call.id, scene.now() + timedelta(seconds=limit) if limit else None)
    call = call.taken_over()
    scene.save(call, scene.event(EventKind.CALL_TAKEN_OVER, call, operator, by=call.operator))
    if leg := await scene.switch.find(operator_leg):
        await leg.hang_up()
    return call


async def was_taken_over(call: Call, scene: Scene) -> bool:
    """Whether the last controller let the operator's phone go for a supervisor, and died before that was stored."""
    if call.monitor is None or call.monitor.mode is not MonitorMode.TAKE_OVER:
        return False
    leg = await scene.switch.find(call.monitor.leg)
    return leg is not None and leg.is_up


async def put_back(call: Call, scene: Scene, queue: str) -> Call:
    """The call as it waits in ``queue``, with the time that it has waited already, and without the supervisor.

    The caller hears music, then it is stored, then the phone is let go: whoever dies in between leaves a talk, or a
    caller who waits, and nobody alone. Raises CallerGone.
    """
    by, leg = call.operator or "", call.operator_leg or ""
    await scene.line.hold()
    await stop_recording(call, scene)
    there = scene.centre().queue(queue)
    back = call.waits_in(there.id if there else call.queue or "", scene.now())
    put = scene.event(EventKind.CALL_PUT_BACK, call, by=by, to=back.queue)
    back = scene.save(back, put, scene.event(EventKind.CALL_QUEUED, back))
    if phone := await scene.switch.find(leg):
        await phone.hang_up()
    return back
