"""架電: an operator calls a citizen (T10). Whether that may be, and the call as it begins."""

from __future__ import annotations

from collections.abc import Callable

from dialplan.acd.shift import NotPossible
from dialplan.desk import Desk
from dialplan.names import operator_leg
from dialplan.registry import Registry
from kernel.call import Call, Offer, Stage
from kernel.callback import Callback
from kernel.centre import Centre
from kernel.commands import Command
from kernel.events import Event, EventKind
from kernel.ports import Calls, Clock

OUTGOING = "out-"
"""How the ids of these calls begin; those of callers are Asterisk's."""

Begin = Callable[[Call, Event], None]
"""Stores a call that is new, with what it began by, and carries it."""


def is_outgoing(call: Call) -> bool:
    """Whether an operator has made the call."""
    return call.callback is not None and call.callback.purpose is not None


class Dialling:
    """Reasons of refusal: those of ``Desk.dials``, no_seat, unknown_purpose, number_not_allowed, already_done."""

    def __init__(self, registry: Registry, numbers: Calls, now: Clock, centre: Callable[[], Centre]) -> None:
        self._registry = registry
        self._numbers = numbers
        self._now = now
        self._centre = centre

    def do(self, command: Command, desk: Desk, begin: Begin) -> None:
        """Ring the operator's phone for the call that ``command`` asks for. Raises NotPossible."""
        call = self._call(command, desk)
        desk.dials(command.operator, call.id)
        data = {"purpose": command.purpose, "case": command.case, "follows": command.call}
        begin(call, Event(EventKind.CALL_DIALLED, self._now(), call.id, command.operator, call.queue, data))

    def _call(self, command: Command, desk: Desk) -> Call:
        centre, seat, now = self._centre(), desk.floor.seat(command.operator), self._now()
        purpose = centre.outgoing.purpose(command.purpose or "")
        if seat is None:
            raise NotPossible("no_seat")
        if purpose is None:
            raise NotPossible("unknown_purpose")
        try:
            number = self._numbers.open_number(command.number or "", command.id)
        except ValueError:
            raise NotPossible("number_not_allowed") from None
        if not centre.outgoing.allows_operators(number):
            raise NotPossible("number_not_allowed")
        id = OUTGOING + command.id
        if self._registry.knows(id):
            raise NotPossible("already_done")
        return Call(
            id,
            now,
            purpose.shows or centre.shown_number,
            number,
            stage=Stage.DIAL,
            queue=purpose.queue or (seat.queues[0] if seat.queues else None),
            offers=1,
            offer=Offer(command.operator, operator_leg(id, command.operator, 1), now),
            callback=Callback(number, now, now, purpose=purpose.id),
        )
