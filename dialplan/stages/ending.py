"""The telephone call is over: nothing of it stays in the exchange."""

from __future__ import annotations

from dialplan.names import city_leg, talk_bridge
from dialplan.scene import Scene
from kernel.call import Call
from kernel.events import EventKind


async def ending(call: Call, scene: Scene) -> Call:
    """Hang up what is left and close the call."""
    await scene.line.hang_up()
    legs = [call.offer.leg if call.offer else None, call.operator_leg]
    legs.append(city_leg(call.id, call.extension) if call.extension else None)
    for name in filter(None, legs):
        if leg := await scene.switch.find(name):
            await leg.hang_up()
    await scene.switch.part(talk_bridge(call.id))
    await scene.switch.forget(call.id)
    call = call.is_closed(scene.now())
    return scene.save(call, scene.event(EventKind.CALL_ENDED, call, outcome=call.outcome and call.outcome.value))
