"""Carry a call from stage to stage. What hang-up, failure and cancellation mean is decided here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from dialplan.scene import Scene
from dialplan.stages import StageStep
from dialplan.stages.ending import close
from dialplan.switch import Detached
from kernel.call import Call, CallerGone, Outcome, Stage
from kernel.events import EventKind

log = structlog.get_logger(__name__)


async def carry(call: Call, scene: Scene, stages: Mapping[Stage, StageStep], last: Mapping[str, Call]) -> Call:
    """Return ``call`` at its end; ``last`` holds what each call was when it was last saved.

    A caller who hangs up and a stage that fails both lead through ENDING, the latter by way of the apology.
    Cancellation and Detached pass through with nothing touched: the next controller resumes at the saved stage.
    """
    try:
        while call.stage is not Stage.ENDED:
            stage = call.stage
            try:
                call = await stages[stage](call, scene)
            except CallerGone as gone:
                call = _hung_up(last.get(call.id, call), gone, scene)
            except Detached:
                raise
            except Exception:
                call = await _failed(last.get(call.id, call), scene)
            call = scene.save(call)
            scene = scene.at(call)
    finally:
        scene.line.release()
    return call


def _hung_up(call: Call, gone: CallerGone, scene: Scene) -> Call:
    match call.stage:
        case Stage.WAIT:
            over = call.is_over(gone.at, Outcome.ABANDONED)
            kind = EventKind.CALL_LOST if over.answered else EventKind.CALL_ABANDONED
            waited = None if call.offer else scene.waited(call)  # who leaves a phone ringing has not given up
            return scene.save(over, scene.event(kind, over, waited_seconds=waited))
        case Stage.MESSAGE:
            return call.is_over(gone.at, Outcome.LEFT_QUEUE)
        case Stage.ENDING:
            return close(call, scene)
        case _:
            return call.is_over(gone.at, Outcome.LEFT_MENU)


async def _failed(call: Call, scene: Scene) -> Call:
    """The failure is this call's alone; ENDING takes down what was being done for it by operators."""
    log.exception("the handling of a call failed", stage=call.stage.value)
    failure = scene.event(EventKind.CALL_FAILED, call, stage=call.stage.value)
    if call.stage is Stage.ENDING:
        return close(scene.save(call, failure), scene)
    try:
        await scene.line.apologise()
    except CallerGone as gone:
        return scene.save(call.is_over(gone.at, Outcome.FAILED), failure)
    except Detached:
        raise
    except Exception:
        log.exception("the apology failed too; the caller is hung up")
    return scene.save(call.is_over(scene.now(), Outcome.FAILED), failure)
