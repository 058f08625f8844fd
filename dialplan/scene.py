"""What a stage has at hand to move a call on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

from dialplan.callbacks import Callbacks
from dialplan.desk import Desk
from dialplan.names import citizen
from dialplan.switch import CallerLine, Switch
from dialplan.texting import Texting
from dialplan.voicebot.ears import Ears, NoEars
from kernel.call import Call
from kernel.centre import Centre, Queue
from kernel.commands import Command
from kernel.events import Event, EventKind, Plain
from kernel.ports import Clock, Storable


class Save(Protocol):
    """Keeps ``call`` as it is now, with what belongs to the same moment, and returns it."""

    def __call__(self, call: Call, *things: Storable) -> Call: ...


@dataclass(frozen=True, slots=True)
class Scene:
    """One call's surroundings. ``requests`` are the clicks that concern this call.

    ``ears`` listen to callers who speak with a voicebot; ``texting`` knows who may be offered an SMS.

    ``line`` is the end of the citizen's channel, whose id is ``channel``: another one when the citizen is called back.
    """

    line: CallerLine
    switch: Switch
    desk: Desk
    centre: Callable[[], Centre]
    save: Save
    now: Clock
    last_operator: Callable[[Call], str | None]
    callbacks: Callbacks
    channel: str
    requests: asyncio.Queue[Command] = field(default_factory=lambda: asyncio.Queue[Command](maxsize=8))
    ears: Ears = field(default_factory=NoEars)
    texting: Texting = field(default_factory=Texting)

    def at(self, call: Call) -> Scene:
        """The same with the line by which the citizen of ``call`` is reached now."""
        if citizen(call) == self.channel:
            return self
        self.line.release()
        return replace(self, line=self.switch.line(call), channel=citizen(call))

    def queue(self, id: str) -> Queue:
        """The queue as it is set now; one that was removed while the call waits keeps the general settings."""
        return self.centre().queue(id) or Queue(id=id, label=id)

    def event(self, kind: EventKind, call: Call, operator: str | None = None, **data: Plain) -> Event:
        """A fact about ``call`` of this moment."""
        return Event(kind, self.now(), call.id, operator or call.operator, call.queue, data)

    def waited(self, call: Call) -> float | None:
        """For how many seconds ``call`` has waited; None for one that waits in no queue."""
        return (self.now() - call.waiting_since).total_seconds() if call.waiting_since else None
