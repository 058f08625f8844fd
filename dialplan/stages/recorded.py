"""Start and stop of a talk's recording. A recording that can't be made never disturbs the talk."""

from __future__ import annotations

import structlog

from dialplan.names import talk_bridge
from dialplan.scene import Scene
from dialplan.switch import ChannelGone, Detached
from kernel.call import Call
from kernel.events import EventKind
from kernel.recording import Recording, recording_name

log = structlog.get_logger(__name__)


async def start_recording(call: Call, scene: Scene) -> None:
    """Record the talk; the row is on its way before the file, so that no file is without one."""
    recording = _recording(call)
    scene.save(call, recording)
    try:
        began = await scene.switch.record(talk_bridge(call.id), recording.name)
    except Detached:
        raise
    except ChannelGone:
        return
    except Exception:
        log.exception("the talk is not recorded", recording=recording.name)
        return
    if began:
        scene.save(call, scene.event(EventKind.RECORDING_STARTED, call, recording=recording.name))
    elif not call.held:
        await resume_recording(call, scene)


async def pause_recording(call: Call, scene: Scene) -> None:
    """Record nothing until ``resume_recording``; what can't be paused is stopped for good."""
    name = _recording(call).name
    try:
        await scene.switch.pause_recording(name)
    except Detached:
        raise
    except Exception:
        log.exception("the recording can't be paused; it is stopped", recording=name)
        await stop_recording(call, scene)


async def resume_recording(call: Call, scene: Scene) -> None:
    """Record on after a pause; harmless where nothing was paused."""
    name = _recording(call).name
    try:
        await scene.switch.resume_recording(name)
    except Detached:
        raise
    except Exception:
        log.exception("the rest of the talk is not recorded", recording=name)


async def stop_recording(call: Call, scene: Scene) -> None:
    """Return when nothing is recorded any more, and the row says so (hard case 24)."""
    recording = _recording(call)
    try:
        await scene.switch.stop_recording(recording.name)
    except Detached:
        raise
    except Exception:
        log.exception("the recording can't be stopped; the end of its bridge ends it", recording=recording.name)
        await end_recorded(call, scene)
    stopped = Recording(recording.name, recording.call, recording.started, stopped=scene.now())
    scene.save(call, stopped, scene.event(EventKind.RECORDING_STOPPED, call, recording=recording.name))


async def end_recorded(call: Call, scene: Scene) -> None:
    """Let nothing of the talk be recorded any more: with its bridge ends what can't be stopped (hard case 24)."""
    await scene.switch.part(talk_bridge(call.id))


def _recording(call: Call) -> Recording:
    """One for each talk of the call: a caller who comes back from a failed hand-over talks again."""
    return Recording(recording_name(call.id, call.offers), call.id, call.answered or call.arrived)
