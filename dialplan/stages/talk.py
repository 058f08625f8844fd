"""Caller and operator talk, and the talk is recorded for the history alone (T12)."""

from __future__ import annotations

import asyncio

import structlog

from dialplan.names import talk_bridge
from dialplan.race import first
from dialplan.scene import Scene
from dialplan.stages.recorded import start_recording, stop_recording
from dialplan.stages.wrap_up import begin_wrap_up
from dialplan.switch import ChannelGone
from kernel.call import Call
from kernel.commands import Command, CommandKind
from kernel.events import EventKind

log = structlog.get_logger(__name__)


async def talk(call: Call, scene: Scene) -> Call:
    """Return when the talk is over, whoever ended it, or when the operator hands the caller over (T5).

    Entered again after a crash it joins whom it finds; a party that has left meanwhile ends the talk.
    """
    leg = await scene.switch.find(call.operator_leg or "")
    if leg is None:
        return await _over(call, scene)
    try:
        await scene.switch.join(talk_bridge(call.id), call.id, leg.id)
    except ChannelGone as gone:
        log.info("a party left before the talk", channel=gone.id)
        return await _over(call, scene)
    await start_recording(call, scene)
    over = await first(scene.line.gone(), leg.gone(), _hand_over(call, scene.requests))
    if isinstance(over, Command) and over.extension:
        return call.handed_to(over.extension)
    return await _over(call, scene)


async def _hand_over(call: Call, requests: asyncio.Queue[Command]) -> Command | None:
    """Return on the operator's wish to end the talk (None) or to hand it over (the command)."""
    while True:
        wish = await requests.get()
        if wish.operator != call.operator:
            log.warning("a wish of another operator ignored", kind=wish.kind)
        elif wish.kind is CommandKind.HANG_UP:
            return None
        elif wish.kind is CommandKind.HAND_OVER:
            return wish


async def _over(call: Call, scene: Scene) -> Call:
    await stop_recording(call, scene)
    if leg := await scene.switch.find(call.operator_leg or ""):
        await leg.hang_up()
    await scene.line.hang_up()
    await scene.switch.part(talk_bridge(call.id))
    call = begin_wrap_up(call, scene)
    return scene.save(call, scene.event(EventKind.TALK_ENDED, call))
