"""後処理: the operator writes the history of a talk that is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from dialplan.desk import Desk
from dialplan.scene import Scene
from kernel.call import Call, Outcome
from kernel.operator import OperatorState
from kernel.ports import Storable


def begin_wrap_up(call: Call, scene: Scene, at: datetime, *things: Storable) -> Call:
    """The operator's part was over at ``at``, and is written up from now; the queue says how long it may take.

    The call is stored so, with ``things``, before the operator can be offered the next one: after a crash nobody is
    taken for talking with two callers.
    """
    limit = scene.queue(call.queue or "").wrap_up_seconds
    until = call.wrap_up_until or (None if limit is None else scene.now() + timedelta(seconds=limit))
    call = scene.save(call.operator_is_off(at, until), *things)
    if call.operator and limit == 0:
        scene.desk.free(call.operator, call.id)
    elif call.operator:
        scene.desk.wrap_up(call.operator, call.id, until)
    return call


def history_saved(desk: Desk, call: str, by: str | None) -> None:
    """The history ends the wrap-up of the operator who saved it; saved by somebody else, of all who owe it."""
    writers = desk.writing_up(call)
    for operator in sorted(writers & {by} or writers):
        desk.finish_wrap_up(operator, call)


def resume_wrap_ups(desk: Desk) -> None:
    """After a restart: each operator in wrap-up has what is left of the time, with what was added to it."""
    for status in list(desk.floor.statuses()):
        if status.state is OperatorState.WRAP_UP and status.call:
            desk.wrap_up(status.operator, status.call, status.until)


async def wrap_up(call: Call, scene: Scene) -> Call:
    """Return when the operator has finished or the time is up. The history may still be owed; the recording waits."""
    if call.operator:
        scene.desk.wrap_up(call.operator, call.id, call.wrap_up_until)
        await scene.desk.wrapped_up(call.operator, call.id)
    return call.is_over(scene.now(), Outcome.ANSWERED if call.operator else Outcome.LEFT_MENU)
