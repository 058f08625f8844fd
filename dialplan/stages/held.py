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
from dialplan.stages.lost import Back, Left, may_come_back, until_back
from dialplan.stages.monitoring import Monitoring
from dialplan.stages.recorded import pause_recording, resume_recording
from dialplan.switch import Leg
from kernel.call import Call
from kernel.commands import CLICK_LIFETIME, MONITORING, TO_CITY, TRANSFERRING, Command, CommandKind
from kernel.events import EventKind

log = structlog.get_logger(__name__)


LEADING_AWAY = TO_CITY | {CommandKind.TELL_NUMBER}
"""What says where the caller goes."""


class Time(Enum):
    """What time alone does to a call on hold."""

    UP = "limit"


Over = datetime | Command | Time | Call | Left | None
"""When a party hung up; an operator's wish, None for the one to hang up; the call that a supervisor is to take over."""


class Lost(Enum):
    """What becomes of the operator's page."""

    GONE = "gone"


async def until_over(monitoring: Monitoring, scene: Scene, leg: Leg | None) -> Over:
    """Let caller and operator talk, on hold and back as the operator wishes, until it is over or to be handed over.

    A caller is on hold no longer than the queue's ``hold_limit_seconds``, then both hear each other again. A call that
    was held when the last controller died is so still. Raises CallerGone, and ChannelGone on the way back. A supervisor
    who is at the talk is so on hold too; ``monitoring`` holds the call as it is now. Without a ``leg`` the operator's
    page is waited for, as when it is lost (``stages.lost``).
    """
    since = scene.now()
    while True:
        if leg is None:
            found = await until_back(monitoring, scene)
            if not isinstance(found, Back):
                return found
            leg, since = found.leg, scene.now()
        call = monitoring.call
        if call.held:
            await _play_music(call, scene)
        # What was wished comes before who hangs up: a phone that has transferred does so at once.
        ends = [scene.line.gone(), monitoring.run(), _wish(call, scene, monitoring), _gone(call, scene, leg)]
        over = await first(*ends, _limit(call, scene)) if call.held else await first(*ends)
        match over:
            case Command(kind=CommandKind.HOLD):
                monitoring.call = _hold(monitoring.call, scene)
            case Command(kind=CommandKind.RESUME):
                await _take_back(monitoring, scene, leg, "asked")
            case Time.UP:
                await _take_back(monitoring, scene, leg, "limit")
            case Lost.GONE:
                leg = None
            case Command(kind=CommandKind.REJOIN):
                leg = await _let_go(monitoring.call, scene, leg, over.expires - CLICK_LIFETIME >= since)
            case _:
                return over


async def _gone(call: Call, scene: Scene, leg: Leg) -> datetime | Lost:
    """When the operator hung up; or that the page is gone, without anybody's having wanted it."""
    at = await leg.gone()
    return Lost.GONE if leg.fell_silent and may_come_back(call, scene) else at


async def _let_go(call: Call, scene: Scene, leg: Leg, meant: bool) -> Leg | None:
    """The page says that it has no sound: None once its old leg, if ``meant``, is over; else the leg goes on."""
    if not meant or not may_come_back(call, scene):
        return leg
    await leg.hang_up()
    return None


def _hold(call: Call, scene: Scene) -> Call:
    """The fact comes first: whoever dies before the music finds it."""
    held = call.is_held(scene.now())
    scene.desk.holds(call.operator or "", call.id, held_until(held, scene))
    return scene.save(held, scene.event(EventKind.CALL_HELD, held))


async def _play_music(call: Call, scene: Scene) -> None:
    scene.desk.holds(call.operator or "", call.id, held_until(call, scene))
    await pause_recording(call, scene)
    await scene.line.hold()


async def _take_back(monitoring: Monitoring, scene: Scene, leg: Leg, why: str) -> None:
    call = monitoring.call
    back = monitoring.call = call.is_taken_back()
    scene.desk.talks(call.operator or "", call.id)
    scene.save(back, scene.event(EventKind.CALL_RESUMED, back, why=why))
    await scene.switch.join(talk_bridge(call.id), citizen(call), leg.id)
    await resume_recording(back, scene)


def held_until(call: Call, scene: Scene) -> datetime:
    """When a caller who is on hold comes back to the operator (hard case 21)."""
    assert call.held is not None
    return call.held + timedelta(seconds=scene.queue(call.queue or "").hold_limit_seconds)


async def _limit(call: Call, scene: Scene) -> Over:
    await asyncio.sleep(max(0.0, (held_until(call, scene) - scene.now()).total_seconds()))
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
        elif wish.kind is not idle and wish.kind not in TRANSFERRING and _leads(wish):
            return wish


def _leads(wish: Command) -> bool:
    """Whether a wish to let the caller go says where to."""
    return wish.kind not in LEADING_AWAY or bool(wish.extension or wish.language or wish.told)


def forget_clicks(requests: asyncio.Queue[Command]) -> None:
    """What was pressed twice must not act on the next talk of a caller who comes back."""
    while not requests.empty():
        requests.get_nowait()
