"""引き継ぎ: a supervisor, who talks with both already, has the call instead of the operator."""

from __future__ import annotations

from datetime import timedelta

from dialplan.scene import Scene
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
