"""留守番: the caller's own words are recorded, until they are over, for an operator to hear and to write up (T12)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

from dialplan.names import citizen, talk_bridge
from dialplan.scene import Scene
from dialplan.switch import ChannelGone
from kernel.call import Call, CallerGone, Outcome
from kernel.events import EventKind
from kernel.recording import MESSAGE, Recording, recording_name

FINISHED = "#"
SHORTEST = timedelta(seconds=2)
"""Who hangs up sooner has left no message."""


async def message(call: Call, scene: Scene) -> Call:
    """Record until the caller presses #, hangs up or the queue's time is over.

    Entered again after a crash it goes on recording, and the time that has passed counts. A message that can't be
    recorded fails: the caller is told.
    """
    recording = Recording(recording_name(call.id, MESSAGE), call.id, call.message_since or scene.now())
    scene.save(call, recording)
    try:
        await scene.switch.join(talk_bridge(call.id), citizen(call))
        await scene.switch.record(talk_bridge(call.id), recording.name)
    except ChannelGone:
        await scene.line.answer()  # raises CallerGone
    gone = await _spoken(call, scene, recording.started)
    await scene.switch.stop_recording(recording.name)
    await scene.switch.part(talk_bridge(call.id))
    call = _over(call, scene, recording, gone)
    if gone is None:
        await scene.line.play(scene.centre().texts(call.language)["message-thanks"])
    return call


async def _spoken(call: Call, scene: Scene, begun: datetime) -> datetime | None:
    """When the caller hung up; None where the caller is still there."""
    left = scene.queue(call.queue or "").message_seconds - (scene.now() - begun).total_seconds()
    try:
        async with asyncio.timeout(left):
            while await scene.line.key() != FINISHED:
                continue
    except TimeoutError:
        return None
    except CallerGone as gone:
        return gone.at
    return None


def _over(call: Call, scene: Scene, recording: Recording, gone: datetime | None) -> Call:
    """What came of it is stored before the caller hears a thank you."""
    now = scene.now()
    recording = replace(recording, stopped=now)
    if gone and gone - recording.started < SHORTEST:
        return scene.save(call.is_over(gone, Outcome.LEFT_QUEUE), recording)
    call = call.is_over(gone or now, Outcome.LEFT_MESSAGE)
    return scene.save(call, recording, scene.event(EventKind.MESSAGE_LEFT, call, recording=recording.name))
