"""The telephone call is over: nothing of it stays in the exchange."""

from __future__ import annotations

from dialplan.names import monitor_bridge, talk_bridge
from dialplan.scene import Scene
from dialplan.stages.end_talk import hang_up_legs
from dialplan.stages.recorded import end_recorded
from kernel.call import Call
from kernel.events import EventKind


async def ending(call: Call, scene: Scene) -> Call:
    """Hang up what is left and close the call."""
    await scene.line.hang_up()
    await hang_up_legs(call, scene)
    if call.answered and call.talk_ended is None:  # it failed, and the caller may still hear the apology
        await end_recorded(call, scene)
    await scene.switch.part(talk_bridge(call.id))
    if call.monitor:
        await scene.switch.part(monitor_bridge(call.id))
    await scene.switch.forget(call.id)
    return close(call, scene)


def close(call: Call, scene: Scene) -> Call:
    """Nothing more is owed, and no operator is kept by a call that is no more."""
    for operator in (call.operator, call.offer.operator if call.offer else None):
        if operator:
            scene.desk.free(operator, call.id)
    call = call.is_closed(scene.now())
    return scene.save(call, scene.event(EventKind.CALL_ENDED, call, outcome=call.outcome and call.outcome.value))
