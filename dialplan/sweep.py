"""Ends what is left in the exchange of calls that are no more."""

from __future__ import annotations

import asyncio

import structlog

from dialplan.recovery import Plan
from dialplan.switch import Detached, Switch, SwitchFailed

log = structlog.get_logger(__name__)


async def sweep(todo: Plan, switch: Switch) -> None:
    """Legs and bridges without a call."""
    await asyncio.gather(*(end_leg(id, switch) for id in todo.orphan_legs))
    await asyncio.gather(*(switch.part(id) for id in todo.orphan_bridges))


async def end_leg(id: str, switch: Switch) -> None:
    """One that can't be ended is left until the next connection: it keeps nobody from being served."""
    log.warning("hanging up a leg without a call", channel=id)
    try:
        if leg := await switch.find(id):
            await leg.hang_up()
    except Detached:
        raise
    except SwitchFailed as failed:
        log.error("the leg can't be hung up", channel=id, why=str(failed))
