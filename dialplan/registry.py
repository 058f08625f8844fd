"""The calls that this controller carries, as they were last saved; what has ended is remembered for a while."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable

from kernel.call import Call, Stage
from kernel.commands import Command
from kernel.events import Event
from kernel.phone_number import PhoneNumber
from kernel.ports import Journal, Storable
from kernel.utterance import Utterance

REMEMBERED = 10_000
REQUESTS_AT_ONCE = 8


class Registry:
    """Survives a lost connection, so that the next one resumes from here and needs no database."""

    def __init__(self, journal: Journal, mark: Callable[[PhoneNumber], bytes]) -> None:
        """``mark`` is a fingerprint of a caller's number, the same as the store's."""
        self._journal = journal
        self._mark = mark
        self.calls: dict[str, Call] = {}
        self._requests: dict[str, asyncio.Queue[Command]] = {}
        self._clicked: set[str] = set()
        self._clicks_done = asyncio.Event()
        self._clicks_done.set()
        self._ended: OrderedDict[str, str | None] = OrderedDict()  # with the queue
        self._talked: OrderedDict[bytes, str] = OrderedDict()

    def save(self, call: Call, *things: Storable) -> Call:
        """Keep and store ``call``; what has ended stays ended (hard case 6). What is said in it changes no call."""
        if call.id in self._ended:
            return call
        before = self.calls.get(call.id)
        only_said = bool(things) and all(isinstance(one, Utterance) for one in things)
        self._journal.write(*things if only_said and before == call else (call, *things))
        if call.stage is not Stage.TALK or (before and (before.held, before.lost) != (call.held, call.lost)):
            self._clicked.discard(call.id)
            if not self._clicked:
                self._clicks_done.set()
        if call.stage is Stage.ENDED:
            self.calls.pop(call.id, None)
            self._requests.pop(call.id, None)
            self.remember(call)
        else:
            self.calls[call.id] = call
        if call.stage is Stage.TALK and call.caller and call.operator:
            self._talk(self._mark(call.caller), call.operator)
        return call

    def adopt(self, call: Call, adopted: Event) -> None:
        """Carry ``call`` on as it was found; only what is new of it is stored."""
        if self.calls.get(call.id) == call:
            self._journal.write(adopted)
        else:
            self.save(call, adopted)

    def last_operator(self, call: Call) -> str | None:
        """Who last spoke with this caller, of the latest callers; None for a withheld number."""
        return self._talked.get(self._mark(call.caller)) if call.caller else None

    def talked(self, talks: Iterable[tuple[bytes, str]]) -> None:
        """Who spoke with whom before this controller came, oldest first."""
        for mark, operator in talks:
            self._talk(mark, operator)

    def _talk(self, mark: bytes, operator: str) -> None:
        self._talked[mark] = operator
        self._talked.move_to_end(mark)
        if len(self._talked) > REMEMBERED:
            self._talked.popitem(last=False)

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

    def clicked(self, click: Command, call: str) -> None:
        """Let the talk of ``call`` end, or hold, as ``click`` says. Raises asyncio.QueueFull."""
        self.requests(call).put_nowait(click)
        self._clicked.add(call)
        self._clicks_done.clear()

    async def clicks_done(self) -> None:
        """Return when every talk is as the clicks on it wanted it."""
        await self._clicks_done.wait()
