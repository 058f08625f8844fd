"""The callbacks that are owed, over all calls: never two for one number and queue, none for who has been served."""

from __future__ import annotations

import asyncio

import structlog

from dialplan.registry import Registry
from kernel.call import Call, Stage
from kernel.commands import CommandKind, command
from kernel.phone_number import PhoneNumber
from kernel.ports import Clock, Journal

log = structlog.get_logger(__name__)

STORED_SECONDS = 3.0
"""A citizen on the line waits no longer for a database that is away; the journal keeps trying."""

CALLED_AGAIN = "called_again"
"""Why a callback is given up when its citizen, who called in again, has been answered."""


class Callbacks:
    """What one call must know of others. It reads the registry, which survives lost connections."""

    def __init__(self, registry: Registry, journal: Journal, now: Clock) -> None:
        self._registry = registry
        self._journal = journal
        self._now = now

    def pending(self, number: PhoneNumber, queue: str, besides: str) -> Call | None:
        """The callback that is owed to ``number`` in ``queue`` by another call than ``besides``."""
        for call in self._registry.calls.values():
            if call.id != besides and call.stage is Stage.CALL_BACK and (call.number, call.queue) == (number, queue):
                return call
        return None

    def served(self, call: Call) -> None:
        """The citizen of ``call`` talks with an operator: who called in again needs no callback of the same queue."""
        if call.number is None or call.queue is None:
            return
        if owed := self.pending(call.number, call.queue, call.id):
            wish = command(CommandKind.CANCEL_CALLBACK, call.operator or "", self._now(), reason=CALLED_AGAIN)
            try:
                self._registry.requests(owed.id).put_nowait(wish)
            except asyncio.QueueFull:
                log.error("a callback is cancelled more often than it listens", callback=owed.id)

    async def stored(self) -> None:
        """Return when all that was written is committed, so that a promise to the citizen outlives us."""
        try:
            async with asyncio.timeout(STORED_SECONDS):
                await asyncio.shield(self._journal.flushed())
        except TimeoutError:
            log.error("a callback is promised that is not stored yet: the database does not answer")
