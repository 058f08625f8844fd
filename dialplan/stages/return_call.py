"""A transfer to the city came to nothing: the caller comes back."""

from __future__ import annotations

from dialplan.scene import Scene
from dialplan.stages.wrap_up import begin_wrap_up
from kernel.call import Call
from kernel.events import EventKind


def return_call(call: Call, scene: Scene, extension: str, reason: str) -> Call:
    """The call as it waits again, with the time that it has waited and why it came back from ``extension``.

    First in line for the operator who transferred it, if that one is ready or still writes up this very call; else it
    waits for anybody. A supervisor who had taken the call over is no operator, and waits for nobody.
    """
    if call.talk_ended is None:
        started = scene.event(EventKind.HAND_OVER_STARTED, call, extension=extension)
        call = begin_wrap_up(call, scene, scene.now(), started)
    operator = call.operator if call.operator and scene.desk.roster.takes_back(call.operator, call.id) else None
    to = "operator" if operator else "queue"
    failure = scene.event(EventKind.HAND_OVER_FAILED, call, extension=extension, reason=reason, to=to)
    back = call.comes_back(extension, reason, operator, scene.now())
    return scene.save(back, failure, scene.event(EventKind.CALL_QUEUED, back))
