"""後処理: the operator writes the history of a talk that is over."""

from __future__ import annotations

from datetime import timedelta

from dialplan.scene import Scene
from kernel.call import Call, Outcome


def begin_wrap_up(call: Call, scene: Scene) -> Call:
    """The call in its wrap-up, and its operator with it; the queue says how long it may take."""
    limit = scene.queue(call.queue or "").wrap_up_seconds
    until = call.wrap_up_until or (scene.now() + timedelta(seconds=limit) if limit else None)
    if call.operator:
        scene.desk.wrap_up(call.operator, call.id, until)
    return call.wraps_up(scene.now(), until)


async def wrap_up(call: Call, scene: Scene) -> Call:
    """Return when the operator has finished or the time is up. The history may still be owed; the recording waits."""
    if call.operator:
        scene.desk.wrap_up(call.operator, call.id, call.wrap_up_until)
    await scene.desk.wrapped_up(call.id)
    return call.is_over(scene.now(), Outcome.ANSWERED)
