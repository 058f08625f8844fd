"""What a caller on hold hears, in the own language, while an interpreter is rung or talks with the operator (T11)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Never

import structlog

from dialplan.scene import Scene
from dialplan.switch import Detached
from dialplan.transfer import Place
from kernel.call import Call, CallerGone
from kernel.transfer import Step

log = structlog.get_logger(__name__)

ANNOUNCED: Mapping[Place, str] = {Step.RINGING: "interpreter-rung", Step.TALKING: "interpreter-aside"}
"""The announcements, by what is going on; between two there is music, as long as between two of those who wait."""


async def told_aside(call: Call, scene: Scene, place: Place) -> Never:
    """Say it at once and again and again, until cancelled. One that can't be spoken is told in the log alone.

    Raises CallerGone, Detached.
    """
    id = ANNOUNCED.get(place) if call.transfer and call.transfer.language else None
    if id is None or call.transfer is None:
        return await _for_ever()
    while True:
        if said := scene.centre().texts(call.transfer.language or call.language).get(id):
            try:
                await scene.line.play(said)
            except (CallerGone, Detached):
                raise
            except Exception:
                log.exception("a caller on hold could not be told of the interpreter")
        await asyncio.sleep(scene.queue(call.queue or "").announce_every_seconds)


async def _for_ever() -> Never:
    while True:
        await asyncio.Event().wait()
