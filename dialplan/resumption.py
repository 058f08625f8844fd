"""The calls of a new connection are taken up in waves: the queues at once, then who talks, as fast as all goes well.

A hundred calls that all ask the exchange at the same moment would keep the first new offer waiting behind them, and the
event loop from everything else. Who talks already misses nothing meanwhile: each call looks itself what has become of
its parties, whenever it is taken up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence

from dialplan.connection import Strain
from kernel.call import Call, Stage

AT_ONCE = 10
MOST_REQUESTS = 30
"""Under way; more are not answered sooner."""
LOOK_SECONDS = 0.005
LONGEST_SECONDS = 0.1
"""Between two waves: a slow exchange delays, and stops nothing."""
QUEUED = frozenset({Stage.WAIT, Stage.CALL_BACK})


def in_turn(calls: Iterable[Call]) -> tuple[Sequence[Call], Sequence[Call]]:
    """Those who have a place in a queue, who has waited longest first; and the others, by their coming."""
    calls = sorted(calls, key=lambda call: call.waiting_since or call.arrived)
    return [call for call in calls if call.stage in QUEUED], [call for call in calls if call.stage not in QUEUED]


async def in_waves(calls: Sequence[Call], begin: Callable[[Call], None], strain: Callable[[], Strain]) -> None:
    """``begin`` each of ``calls``, a few at a time, while the exchange keeps up."""
    for first in range(0, len(calls), AT_ONCE):
        for call in calls[first : first + AT_ONCE]:
            begin(call)
        await _calm(strain)


async def _calm(strain: Callable[[], Strain]) -> None:
    loop = asyncio.get_running_loop()
    latest = loop.time() + LONGEST_SECONDS
    await asyncio.sleep(0)
    while strain().requests > MOST_REQUESTS and loop.time() < latest:  # noqa: ASYNC110
        await asyncio.sleep(LOOK_SECONDS)
