"""The operators' states: each change agrees with the phone and the limits, is stored, and has its clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from dialplan.acd import shift
from dialplan.acd.floor import Floor
from dialplan.acd.limits import PauseLimits
from dialplan.timeouts import Timeouts
from kernel.events import Event, EventKind
from kernel.operator import OperatorState, OperatorStatus
from kernel.ports import Clock, Journal


class Roster:
    """Writes what operators do to the floor and the journal. ``changed`` is called after each change but ``store``'s.

    ``wrapped_up`` is called when the time of an operator's wrap-up of a call is over.
    """

    def __init__(
        self,
        floor: Floor,
        journal: Journal,
        now: Clock,
        pauses: PauseLimits,
        *,
        changed: Callable[[], None],
        wrapped_up: Callable[[str, str], object],
    ) -> None:
        self.pauses = pauses
        self._floor = floor
        self._journal = journal
        self._now = now
        self._changed = changed
        self._wrapped_up = wrapped_up
        self._phones = asyncio.Event()
        self._timeouts = Timeouts(now, self._time_is_up)

    def status(self, operator: str) -> OperatorStatus:
        """The operator's present status."""
        return self._floor.status(operator) or shift.logged_out(operator, self._now())

    def wish(self, operator: str, state: OperatorState, reason: str | None, by: str | None) -> None:
        """What the operator asks for, or the supervisor ``by`` for the operator; raises shift.NotPossible."""
        status = self.status(operator)
        in_vain = status.state is OperatorState.PHONE_GONE and state is OperatorState.READY
        if in_vain and not self.has_phone(operator):
            raise shift.NotPossible("phone_unreachable")
        self.set(shift.wish(status, state, reason, self._now()), by)

    def set(self, status: OperatorStatus, by: str | None = None) -> None:
        """Change a status, by order of the supervisor ``by`` if any; nothing happens where it is so already."""
        if self._floor.seat(status.operator) is None:
            status = shift.without_seat(status, self._now())
        status = self.pauses.on(shift.with_phone(status, self.has_phone(status.operator)))
        if status != self._floor.status(status.operator):
            self.store(status, by)
            self._changed()

    def store(self, status: OperatorStatus, by: str | None = None) -> None:
        """Change a status as it is given."""
        self._floor.set(status)
        self.watch(status)
        data = {"state": status.state.value, "reason": status.reason, "then": status.then and status.then.value}
        at = self._now() if by else status.since  # what waits for the end of a call is asked for in its midst
        data |= {"by": by} if by else {}
        self._journal.write(status, Event(EventKind.OPERATOR_CHANGED, at, status.call, status.operator, data=data))

    def restore(self, status: OperatorStatus) -> None:
        """What is stored already."""
        self._floor.set(status)
        self.watch(status)

    def watch(self, status: OperatorStatus) -> None:
        """Let the clock run to the end of the time of ``status``."""
        self._timeouts.watch(status)

    def has_phone(self, operator: str) -> bool:
        """Whether the operator's phone can be rung; one without a seat has none that could be missed."""
        return self._floor.seat(operator) is None or self._floor.reachable(operator)

    def takes_back(self, operator: str, call: str) -> bool:
        """Whether a caller who comes back goes to ``operator`` first: one who is ready, or writes up ``call``."""
        status = self.status(operator)
        free = status.state is OperatorState.READY or (status.state, status.call) == (OperatorState.WRAP_UP, call)
        return free and self._floor.staff.at_work(operator)

    async def phone_there(self, operator: str) -> None:
        """Return when the operator's phone can be rung."""
        while not self.has_phone(operator):
            self._phones.clear()
            await self._phones.wait()

    def look_at_phones(self, extension: str | None = None) -> None:
        """Phones have changed: ``extension``, or perhaps all."""
        self._phones.set()
        for status in list(self._floor.statuses()):
            seat = self._floor.seat(status.operator)
            if seat and extension in (None, seat.extension):
                self.set(shift.phone_changed(status, self.has_phone(status.operator), self._now()))

    def see_off(self) -> None:
        """End the shifts of those who have no seat any more and no call at hand."""
        for status in list(self._floor.statuses()):
            if self._floor.seat(status.operator) is None:
                self.set(status)

    def close(self) -> None:
        """Stop the clock; nothing is stored."""
        self._timeouts.close()

    def _time_is_up(self, status: OperatorStatus) -> None:
        if status.state is OperatorState.WRAP_UP:
            self._wrapped_up(status.operator, status.call or "")
        elif status.until:
            overrun = replace(status, overrun=True)
            self._floor.set(overrun)
            over = Event(
                EventKind.PAUSE_OVERRUN, status.until, operator=status.operator, data={"reason": status.reason}
            )
            self._journal.write(overrun, over)
            if self.pauses.after:
                self.set(shift.wish(overrun, self.pauses.after, None, self._now()))
