"""Many wallboards that are open at once, and how soon each shows an operator's change."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from random import Random

from bench.a_call import found
from bench.console.visitor import Arrivals, Visitor
from bench.installation import Installation
from kernel.operator import OperatorState, OperatorStatus

PATIENCE_SECONDS = 20.0
MOST_BETWEEN_SECONDS = 1.5


async def pushes(at: Installation, who: Visitor, walls: int, changes: int) -> list[float]:
    """Milliseconds from each of ``changes`` of an operator's state to each of the ``walls`` that show it."""
    operator, desk = list(at.desks.items())[-1]
    reasons, chance, times = at.centre.pause_reasons, Random("walls"), list[float]()
    async with AsyncExitStack() as stack:
        shown = [asyncio.Queue[tuple[bytes, float]]() for _ in range(walls)]
        for queue in shown:
            await stack.enter_async_context(who.watched(f'id="operator-{operator}"'.encode(), queue))
        for place in range(changes):
            await asyncio.sleep(chance.uniform(0.0, MOST_BETWEEN_SECONDS))
            reason = reasons[place % 2]
            await desk.pause(reason)
            status = await _paused(at, operator, reason)
            since = status.since.timestamp()
            async with asyncio.timeout(PATIENCE_SECONDS):
                arrived = await asyncio.gather(*(_arrival(queue, reason.encode()) for queue in shown))
            times += [1000 * (moment - since) for moment in arrived]
    return times


async def _paused(at: Installation, operator: str, reason: str) -> OperatorStatus:
    async def look() -> OperatorStatus | None:
        status = await at.store.operators.find(operator)
        return status if status and (status.state, status.reason) == (OperatorState.PAUSED, reason) else None

    return await found(look, "the operator's pause is stored")


async def _arrival(queue: Arrivals, wanted: bytes) -> float:
    """When a push came in which the operator's row says ``wanted``."""
    while True:
        row, at = await queue.get()
        if wanted in row.partition(b"</tr>")[0]:
            return at
