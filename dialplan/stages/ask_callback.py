"""The caller asks to be called back: the number is agreed on, the promise is stored, and then the caller hears it."""

from __future__ import annotations

from dialplan.scene import Scene
from ivr.ask_number import ask_number
from kernel.call import Call, Outcome
from kernel.events import EventKind


async def ask_callback(call: Call, scene: Scene) -> Call | None:
    """The call, which has a place in its queue, as a callback; None where the caller agreed on none.

    Where a callback is owed to the same number in the same queue already, that one keeps its place and this call ends.
    """
    centre = scene.centre()
    texts = centre.texts(call.language)
    number = await ask_number(centre, scene.line, call.caller, call.language)
    if number is None:
        await scene.line.play(texts["callback-not-asked"])
        return None
    if scene.callbacks.pending(number, call.queue or "", call.id):
        await scene.line.play(texts["callback-known"])
        return call.is_over(scene.now(), Outcome.LEFT_QUEUE)
    call = call.calls_back(number, scene.now())
    call = scene.save(call, scene.event(EventKind.CALLBACK_ASKED, call))
    await scene.callbacks.stored()
    return call
