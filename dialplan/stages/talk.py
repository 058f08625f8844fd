"""Caller and operator talk, and the talk is recorded for the history alone (T12)."""

from __future__ import annotations

from datetime import datetime

import structlog

from dialplan.names import citizen, city_leg, talk_bridge
from dialplan.scene import Scene
from dialplan.stages.consult import begin_consult
from dialplan.stages.end_talk import end_talk, when_over
from dialplan.stages.held import Over, forget_clicks, until_over
from dialplan.stages.lost import Left, give_back, may_come_back
from dialplan.stages.monitoring import Monitoring
from dialplan.stages.recorded import start_recording
from dialplan.stages.take_over import put_back, take_over, was_taken_over
from dialplan.switch import ChannelGone
from kernel.call import Call, CallerGone
from kernel.commands import Command, CommandKind

log = structlog.get_logger(__name__)


async def talk(call: Call, scene: Scene) -> Call:
    """Return when the talk is over, whoever ended it, or when the operator hands the caller over (T5).

    A supervisor who has taken the call over may put the caller back into a queue.

    Entered again after a crash it joins whom it finds, save a caller who is on hold; a party that has left meanwhile
    ends the talk, save an operator's page, which is waited for. A supervisor's taking over, and a page that goes in the
    moment of being joined, return it at the same stage, which is then entered again.
    """
    monitoring = Monitoring(call, scene)
    leg = await scene.switch.find(call.operator_leg or "")
    if leg is None and await was_taken_over(call, scene):
        return await take_over(call, scene)
    try:
        if leg and not call.lost:
            await scene.switch.join(talk_bridge(call.id), *([] if call.held else [citizen(call)]), leg.id)
            await scene.line.unless_gone(start_recording(call, scene))
        over = await until_over(monitoring, scene, None if call.lost else leg)
    except ChannelGone as gone:
        log.info("a party left before the talk", channel=gone.id)
        if gone.id != citizen(call) and may_come_back(call, scene):
            return monitoring.call
        over = await when_over(scene)
    except CallerGone as gone:
        over = gone.at
    forget_clicks(scene.requests)
    return await _after(over, monitoring, scene)


async def _after(over: Over, monitoring: Monitoring, scene: Scene) -> Call:
    match over:
        case Call():
            return await take_over(over, scene)
        case Left():
            return await give_back(monitoring, scene)
        case Command(kind=CommandKind.PUT_BACK, queue=str(queue)):
            return await _put_back(monitoring, scene, queue)
        case Command(kind=CommandKind.CONSULT):
            return begin_consult(await monitoring.end(), scene, over)
        case Command() if over.told or over.extension:
            return _goes(await monitoring.end(), scene, over)
        case _:
            at = over if isinstance(over, datetime) else scene.now()
            return await end_talk(await monitoring.end(), scene, at)


def _goes(call: Call, scene: Scene, wish: Command) -> Call:
    """The caller leaves the operator: to hear a number, or to an extension."""
    if wish.told:
        return call.tells(wish.told)
    extension = wish.extension or ""
    return call.handed_to(extension, city_leg(call.id, extension, wish.id), scene.now())


async def _put_back(monitoring: Monitoring, scene: Scene, queue: str) -> Call:
    call = await monitoring.end()
    try:
        return await put_back(call, scene, queue)
    except CallerGone as gone:
        return await end_talk(call, scene, gone.at)
