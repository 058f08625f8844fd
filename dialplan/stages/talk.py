"""Caller and operator talk, and the talk is recorded for the history alone (T12)."""

from __future__ import annotations

import asyncio
from datetime import datetime

import structlog

from dialplan.names import talk_bridge
from dialplan.scene import Scene
from dialplan.stages.end_talk import end_talk, when_over
from dialplan.stages.held import until_over
from dialplan.stages.recorded import start_recording
from dialplan.switch import ChannelGone
from kernel.call import Call, CallerGone
from kernel.commands import Command

log = structlog.get_logger(__name__)


async def talk(call: Call, scene: Scene) -> Call:
    """Return when the talk is over, whoever ended it, or when the operator hands the caller over (T5).

    Entered again after a crash it joins whom it finds, save a caller who is on hold; a party that has left meanwhile
    ends the talk.
    """
    leg = await scene.switch.find(call.operator_leg or "")
    if leg is None:
        return await end_talk(call, scene, await when_over(scene))
    try:
        await scene.switch.join(talk_bridge(call.id), *([] if call.held else [call.id]), leg.id)
        await start_recording(call, scene)
        call, over = await until_over(call, scene, leg)
    except ChannelGone as gone:
        log.info("a party left before the talk", channel=gone.id)
        return await end_talk(call, scene, await when_over(scene))
    except CallerGone as gone:
        return await end_talk(call, scene, gone.at)
    _forget_clicks(scene.requests)
    match over:
        case Command(extension=str(extension)):
            return call.handed_to(extension)
        case datetime():
            return await end_talk(call, scene, over)
        case _:
            return await end_talk(call, scene, scene.now())


def _forget_clicks(requests: asyncio.Queue[Command]) -> None:
    """What was pressed twice must not act on the next talk of a caller who comes back."""
    while not requests.empty():
        requests.get_nowait()
