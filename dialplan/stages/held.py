"""保留: the operator puts the caller on hold and takes the call back; a held caller is never forgotten (hard case 21).

The caller hears the music of those who wait, in their bridge; the operator stays alone in the talk's, in silence. The
recording pauses meanwhile: neither music nor what the operator says to others belongs to the history.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from enum import Enum

import structlog

from dialplan.names import citizen, talk_bridge
from dialplan.race import first
from dialplan.scene import Scene
from dialplan.stages.monitoring import Monitoring
from dialplan.stages.recorded import pause_recording, resume_recording
from dialplan.switch import Leg
from kernel.call import Call
from kernel.commands import MONITORING, Command, CommandKind
from kernel.events import EventKind

log = structlog.get_logger(__name__)


class Time(Enum):
    """What time alone does to a call on hold."""

    UP = "limit"


Over = datetime | Command | Time | Call | None
"""When a party hung up; an operator's wish, None for the one to hang up; the call that a supervisor is to take over."""


async def until_over(monitoring: Monitoring, scene: Scene, leg: Leg) -> Over:
    """Let caller and operator talk, on hold and back as the operator wishes, until it is over or to be handed over.

    A caller is on hold no longer than the queue's ``hold_limit_seconds``, then both hear each other again. A call that
    was held when the last controller died is so still. Raises CallerGone, and ChannelGone on the way back. A supervisor
    who is at the talk is so on hold too; ``monitoring`` holds the call as it is now.
    """
    while True:
        call = monitoring.call
        if call.held:
            await _play_music(call, scene)
        ends = [scene.line.gone(), monitoring.run(), leg.gone(), _wish(call, scene, monitoring)]
        over = await first(*ends, _limit(call, scene)) if call.held else await first(*ends)
        match over:
            case Command(kind=CommandKind.HOLD):
                monitoring.call = _hold(monitoring.call, scene)
            case Command(kind=CommandKind.RESUME):
                await _take_back(monitoring, scene, leg, "asked")
            case Time.UP:
                await _take_back(monitoring, scene, leg, "limit")
            case _:
                return over


def _hold(call: Call, scene: Scene) -> Call:
    """The fact comes first: whoever dies before the music finds it."""
    held = call.is_held(scene.now())
    scene.desk.holds(call.operator or "", call.id, _until(held, scene))
    return scene.save(held, scene.event(EventKind.CALL_HELD, held))


async def _play_music(call: Call, scene: Scene) -> None:
    scene.desk.holds(call.operator or "", call.id, _until(call, scene))
    await pause_recording(call, scene)
    await scene.line.hold()


async def _take_back(monitoring: Monitoring, scene: Scene, leg: Leg, why: str) -> None:
    call = monitoring.call
    back = monitoring.call = call.is_taken_back()
    scene.desk.talks(call.operator or "", call.id)
    scene.save(back, scene.event(EventKind.CALL_RESUMED, back, why=why))
    await scene.switch.join(talk_bridge(call.id), citizen(call), leg.id)
    await resume_recording(back, scene)


def _until(call: Call, scene: Scene) -> datetime:
    assert call.held is not None
    return call.held + timedelta(seconds=scene.queue(call.queue or "").hold_limit_seconds)


async def _limit(call: Call, scene: Scene) -> Over:
    await asyncio.sleep(max(0.0, (_until(call, scene) - scene.now()).total_seconds()))
    return Time.UP


async def _wish(call: Call, scene: Scene, monitoring: Monitoring) -> Over:
    """The operator's next wish that fits: who is on hold can't be held again, who talks not be taken back.

    A supervisor's wishes are passed on.
    """
    idle = CommandKind.HOLD if call.held else CommandKind.RESUME
    while True:
        wish = await scene.requests.get()
        if wish.kind in MONITORING and not wish.expired(scene.now()):
            monitoring.ask(wish)
        elif wish.kind is CommandKind.CANCEL_CALLBACK or wish.operator != call.operator or wish.expired(scene.now()):
            log.warning("a wish of another operator or moment ignored", kind=wish.kind)
        elif wish.kind is CommandKind.HANG_UP:
            return None
        elif wish.kind is not idle and (wish.kind is not CommandKind.HAND_OVER or wish.extension):
            return wish
