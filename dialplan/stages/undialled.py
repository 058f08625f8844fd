"""Legs that were made and, for a crash in that very moment, never dialled: no phone rings, and nobody can answer."""

from __future__ import annotations

import structlog

from dialplan.switch import Switch

log = structlog.get_logger(__name__)


async def take_down_undialled(switch: Switch, *legs: str) -> bool:
    """Whether there was one among ``legs``. It is over then: to be made anew and rung, by the same id.

    One that was dialled in the last moment and does not ring yet is rung once more, too.
    """
    found = False
    for id in legs:
        leg = await switch.find(id)
        if leg is not None and not leg.was_dialled:
            log.warning("a leg was never dialled; ringing anew", leg=id)
            await leg.hang_up()
            await leg.gone()
            found = True
    return found
