"""The calls that this controller carries, as they were last saved; what has ended is remembered for a while."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable

from kernel.call import Call, Stage
from kernel.commands import Command
from kernel.ports import Journal, Storable

REMEMBERED = 10_000
REQUESTS_AT_ONCE = 8


class Registry:
    """Survives a lost connection, so that the next one resumes from here and needs no database."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.calls: dict[str, Call] = {}
        self._requests: dict[str, asyncio.Queue[Command]] = {}
        self._ended: OrderedDict[str, str | None] = OrderedDict()  # with the queue
        self._talked: OrderedDict[str, str] = OrderedDict()

    def save(self, call: Call, *things: Storable) -> Call:
        """Keep and store ``call``; what has ended stays ended (hard case 6)."""
        if call.id in self._ended:
            return call
        self._journal.write(call, *things)
        if call.stage is Stage.ENDED:
            self.calls.pop(call.id, None)
            self._requests.pop(call.id, None)
            self.remember(call)
        else:
            self.calls[call.id] = call
        if call.stage is Stage.TALK and call.caller and call.operator:
            self._talked[call.caller.digits] = call.operator
            self._talked.move_to_end(call.caller.digits)
            if len(self._talked) > REMEMBERED:
                self._talked.popitem(last=False)
        return call

    def last_operator(self, call: Call) -> str | None:
        """Who last spoke with this caller, as far as this controller knows; None for a withheld number."""
        return self._talked.get(call.caller.digits) if call.caller else None

    def take(self, calls: Iterable[Call]) -> None:
        """Carry calls that were saved by another controller."""
        self.calls.update({call.id: call for call in calls})

    def remember(self, call: Call) -> None:
        """``call`` has ended."""
        self._ended[call.id] = call.queue
        if len(self._ended) > REMEMBERED:
            self._ended.popitem(last=False)

    def queue_of(self, call: str) -> str | None:
        """In which queue a call is or last was, as far as it is known here."""
        carried = self.calls.get(call)
        return carried.queue if carried else self._ended.get(call)

    def knows(self, call: str) -> bool:
        """Whether the call is carried now or was, not long ago."""
        return call in self.calls or call in self._ended

    def requests(self, call: str) -> asyncio.Queue[Command]:
        """Where clicks that concern ``call`` wait for its stage."""
        return self._requests.setdefault(call, asyncio.Queue(maxsize=REQUESTS_AT_ONCE))
