"""Caller and operator talk, and the talk is recorded for the history alone (T12)."""

from __future__ import annotations

import asyncio
from datetime import datetime

import structlog

from dialplan.names import talk_bridge
from dialplan.race import first
from dialplan.scene import Scene
from dialplan.stages.end_talk import end_talk, when_over
from dialplan.stages.recorded import start_recording
from dialplan.switch import ChannelGone
from kernel.call import Call
from kernel.commands import Command, CommandKind

log = structlog.get_logger(__name__)


async def talk(call: Call, scene: Scene) -> Call:
    """Return when the talk is over, whoever ended it, or when the operator hands the caller over (T5).

    Entered again after a crash it joins whom it finds; a party that has left meanwhile ends the talk.
    """
    leg = await scene.switch.find(call.operator_leg or "")
    if leg is None:
        return await end_talk(call, scene, await when_over(scene))
    try:
        await scene.switch.join(talk_bridge(call.id), call.id, leg.id)
    except ChannelGone as gone:
        log.info("a party left before the talk", channel=gone.id)
        return await end_talk(call, scene, await when_over(scene))
    await start_recording(call, scene)
    over = await first(scene.line.gone(), leg.gone(), _hand_over(call, scene))
    _forget_clicks(scene.requests)
    match over:
        case Command(extension=str(extension)):
            return call.handed_to(extension)
        case datetime():
            return await end_talk(call, scene, over)
        case _:
            return await end_talk(call, scene, scene.now())


async def _hand_over(call: Call, scene: Scene) -> Command | None:
    """Return on the operator's wish to end the talk (None) or to hand it over (the command)."""
    while True:
        wish = await scene.requests.get()
        if wish.operator != call.operator or wish.expired(scene.now()):
            log.warning("a wish of another operator or moment ignored", kind=wish.kind)
        elif wish.kind is CommandKind.HANG_UP:
            return None
        elif wish.kind is CommandKind.HAND_OVER and wish.extension:
            return wish


def _forget_clicks(requests: asyncio.Queue[Command]) -> None:
    """What was pressed twice must not act on the next talk of a caller who comes back."""
    while not requests.empty():
        requests.get_nowait()
