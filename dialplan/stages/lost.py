"""The operator's page is gone from a talk: reloaded, a laptop closed, a network lost (hard case 28).

The caller hears the music of those who wait, the recording pauses, and as soon as the page is registered again it is
rung, answers by itself, and both go on. A phone on the desk that is hung up, or falls silent, ends its talk as ever.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from dialplan.names import again_leg, citizen, talk_bridge
from dialplan.race import first
from dialplan.scene import Scene
from dialplan.stages.end_talk import when_over
from dialplan.stages.monitoring import Monitoring
from dialplan.stages.recorded import pause_recording, start_recording, stop_recording
from dialplan.stages.wrap_up import begin_wrap_up
from dialplan.switch import Leg, NotAnswered
from kernel.call import Call
from kernel.commands import MONITORING, Command, CommandKind
from kernel.events import EventKind

log = structlog.get_logger(__name__)

RING_SECONDS = 10
"""For a page that answers by itself."""
AGAIN_SECONDS = 1.0
"""Between two tries to ring it."""


class Left:
    """The operator did not come back in time."""


LEFT = Left()


@dataclass(frozen=True, slots=True)
class Back:
    """The operator is on the line again."""

    leg: Leg


def may_come_back(call: Call, scene: Scene) -> bool:
    """Whether the operator's telephone is a page, which may be opened again."""
    seat = scene.centre().operator(call.operator or "")
    return seat is not None and seat.phone == "browser"


async def until_back(monitoring: Monitoring, scene: Scene) -> Back | Left | Command | datetime | None:
    """Wait with music until the page is back on the line. Otherwise how the talk ends, as ``held.Over`` says it.

    Entered after a crash it goes on where it was, with what is left of the time.
    """
    if not may_come_back(monitoring.call, scene):
        return await when_over(scene)
    _tell(monitoring, scene)
    await pause_recording(monitoring.call, scene)
    await scene.line.hold()
    over = await first(
        scene.line.gone(), _back(monitoring, scene), _wish(monitoring, scene), _time_is_up(monitoring.call, scene)
    )
    if isinstance(over, Back):
        await _join(monitoring, scene, over.leg)
    return over


def _tell(monitoring: Monitoring, scene: Scene) -> None:
    """The fact comes first: whoever dies before the music finds it."""
    call = monitoring.call
    if call.lost is None:
        call = monitoring.call = call.loses_operator(scene.now())
        scene.save(call, scene.event(EventKind.OPERATOR_LOST, call))
    scene.desk.holds(call.operator or "", call.id, _until(call, scene))


async def _back(monitoring: Monitoring, scene: Scene) -> Back:
    """Ring the page whenever it can be rung, until it has answered."""
    while True:
        await scene.desk.roster.phone_there(monitoring.call.operator or "")
        try:
            leg = await _ring(monitoring, scene)
            await leg.answered()
        except NotAnswered as failed:
            log.info("the operator's page does not answer yet", why=failed.reason)
            monitoring.call = scene.save(monitoring.call.loses_operator(scene.now()))
            await asyncio.sleep(AGAIN_SECONDS)
        else:
            return Back(leg)


async def _ring(monitoring: Monitoring, scene: Scene) -> Leg:
    """A leg that rings since before a crash is found; another one is stored before it rings."""
    call = monitoring.call
    if rung := await scene.switch.find(call.operator_leg or ""):
        return rung
    seat = scene.centre().operator(call.operator or "")
    if seat is None:
        raise NotAnswered("unreachable")
    leg = again_leg(call.id, seat.id, scene.now())
    monitoring.call = scene.save(call.rings_operator(leg))
    shows = call.number.digits if call.number else ""
    return await scene.switch.ring(leg, seat.extension, shows, RING_SECONDS, answers_itself=True)


async def _wish(monitoring: Monitoring, scene: Scene) -> Command | None:
    """What the operator can still ask for without a voice: to end the talk, or to hand the caller over."""
    while True:
        wish = await scene.requests.get()
        if wish.expired(scene.now()):
            continue
        if wish.kind in MONITORING:
            monitoring.ask(wish)
        elif wish.operator == monitoring.call.operator and wish.kind is CommandKind.HANG_UP:
            return None
        elif wish.operator == monitoring.call.operator and wish.kind is CommandKind.HAND_OVER and wish.extension:
            return wish


async def _time_is_up(call: Call, scene: Scene) -> Left:
    await asyncio.sleep(max(0.0, (_until(call, scene) - scene.now()).total_seconds()))
    return LEFT


def _until(call: Call, scene: Scene) -> datetime:
    assert call.lost is not None
    return call.lost + timedelta(seconds=scene.queue(call.queue or "").return_seconds)


async def _join(monitoring: Monitoring, scene: Scene, leg: Leg) -> None:
    """Both hear each other again; a caller who was on hold stays so. Raises ChannelGone."""
    call = monitoring.call = monitoring.call.has_operator_again()
    scene.save(call, scene.event(EventKind.OPERATOR_BACK, call))
    scene.desk.talks(call.operator or "", call.id)
    await scene.switch.join(talk_bridge(call.id), *([] if call.held else [citizen(call)]), leg.id)
    await start_recording(call, scene)


async def give_back(monitoring: Monitoring, scene: Scene) -> Call:
    """Let the caller wait for another operator, with the time that was waited; the one who is gone owes the history."""
    call = await monitoring.end()
    if leg := await scene.switch.find(call.operator_leg or ""):
        await leg.hang_up()
    await stop_recording(call, scene)
    call = begin_wrap_up(call, scene, scene.now(), scene.event(EventKind.OPERATOR_GIVEN_UP, call))
    call = call.waits_in(call.queue or "", scene.now())
    return scene.save(call, scene.event(EventKind.CALL_QUEUED, call))
