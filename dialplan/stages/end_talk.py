"""The end of a talk, whoever the caller talked with last."""

from __future__ import annotations

from datetime import datetime

from dialplan.names import call_legs, talk_bridge
from dialplan.scene import Scene
from dialplan.stages.recorded import stop_recording
from dialplan.stages.wrap_up import begin_wrap_up
from kernel.call import Call, CallerGone, Stage
from kernel.events import EventKind


async def end_talk(call: Call, scene: Scene, at: datetime) -> Call:
    """The talk was over at ``at``: nobody is left on the line, and the operator writes the history.

    The operator comes first, who may be free for the next caller before this call is tidied up.
    """
    recorded = call.stage is Stage.TALK or call.talk_ended is None
    await hang_up_legs(call, scene)
    call = begin_wrap_up(call, scene, at)
    if recorded:
        await stop_recording(call, scene)
    await scene.line.hang_up()
    await scene.switch.part(talk_bridge(call.id))
    call = call.wraps_up(at, call.wrap_up_until)
    return scene.save(call, scene.event(EventKind.TALK_ENDED, call))


async def hang_up_legs(call: Call, scene: Scene) -> None:
    """Stop whatever rings or talks for ``call``."""
    for name in call_legs(call):
        if leg := await scene.switch.find(name):
            await leg.hang_up()


async def when_over(scene: Scene) -> datetime:
    """When the caller hung up; now where the caller is still there."""
    try:
        await scene.line.answer()
    except CallerGone as gone:
        return gone.at
    return scene.now()
