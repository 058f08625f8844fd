"""What the stored events of the last two days tell beyond the rows: calls as they count, owed histories, notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from agent_console.japan_day import day_of
from agent_console.live.congestion import Congestion
from agent_console.live.contacts import Contacts
from agent_console.live.control import ControlState
from kernel.events import Event, EventKind, StoredEvent

KEPT = timedelta(days=2)
NOTEWORTHY = frozenset(
    {
        EventKind.COMMAND_REFUSED,
        EventKind.HAND_OVER_FAILED,
        EventKind.CONSULT_ENDED,
        EventKind.HISTORY_SAVED,
        EventKind.CALL_TAKEN_OVER,
        EventKind.NOT_CONNECTED,
    }
)
AS_WISHED = frozenset({"stopped", "hung_up", "talk_ended"})
"""How a monitoring ends that needs no word."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A call whose history ``operator``, or the supervisor who took it over, has not written yet.

    ``answered``: when, or when it was taken over.
    """

    call: str
    operator: str
    answered: datetime


class Day:
    """Grows with each event, in the order of the log; applied twice it counts once. ``last`` is the latest's id."""

    def __init__(self) -> None:
        self.last = 0
        self.congestion = Congestion()
        self.contacts = Contacts()
        self.control = ControlState()
        self._owed: dict[str, Owed] = {}
        self._taken: dict[str, Owed] = {}
        self._notices: dict[str, Event] = {}
        self._explained: dict[str, Event] = {}
        self._ordered_by: dict[str, str | None] = {}

    def apply(self, stored: StoredEvent) -> None:
        """Take one event in."""
        if stored.id <= self.last:
            return
        self.last = stored.id
        self.congestion.apply(stored.event)
        self.contacts.apply(stored.event)
        self.control.apply(stored.event)
        if stored.event.call:
            self._about_call(stored.event, stored.event.call)
        if stored.event.operator and stored.event.kind is EventKind.OPERATOR_EXPLAINED:
            self._explained[stored.event.operator] = stored.event
        if stored.event.kind is EventKind.OPERATOR_CHANGED and stored.event.operator:
            by = stored.event.data.get("by")
            self._ordered_by[stored.event.operator] = str(by) if by else None
        if told := _told(stored.event):
            self._notices[told] = stored.event

    def owed(self, operator: str) -> tuple[Owed, ...]:
        """The histories that ``operator`` still has to write, the oldest first."""
        return tuple(one for one in self._owed.values() if one.operator == operator)

    def taken(self, supervisor: str) -> tuple[Owed, ...]:
        """The calls that ``supervisor`` took over and nobody has written up yet, the oldest first."""
        return tuple(one for one in self._taken.values() if one.operator == supervisor)

    def notice(self, operator: str) -> Event | None:
        """The latest event that ``operator`` must be told of."""
        return self._notices.get(operator)

    def explained(self, operator: str) -> Event | None:
        """The latest word on why ``operator``, being ready, got no call."""
        return self._explained.get(operator)

    def ordered_by(self, operator: str) -> str | None:
        """The supervisor by whose order ``operator`` is in the present state; None where it was nobody's."""
        return self._ordered_by.get(operator)

    def forget(self, now: datetime) -> None:
        """Drop what is older than two days."""
        oldest = day_of(now - KEPT)
        self.congestion.forget(oldest)
        self.contacts.forget(oldest)
        self._owed = {id: one for id, one in self._owed.items() if one.answered > now - KEPT}
        self._taken = {id: one for id, one in self._taken.items() if one.answered > now - KEPT}

    def _about_call(self, event: Event, call: str) -> None:
        if event.kind is EventKind.CALL_ANSWERED and event.operator:
            self._owed[call] = Owed(call, event.operator, event.at)
        elif event.kind is EventKind.CALL_TAKEN_OVER:
            self._taken[call] = Owed(call, str(event.data.get("by")), event.at)
        elif event.kind is EventKind.HISTORY_SAVED:
            self._owed.pop(call, None)
            self._taken.pop(call, None)


def _told(event: Event) -> str | None:
    """The user who must be told of it."""
    by = event.data.get("by")
    match event.kind:
        case EventKind.OPERATOR_CHANGED:
            return event.operator if by else None
        case EventKind.MONITOR_ENDED:
            return str(by) if event.data.get("why") not in AS_WISHED else None
        case EventKind.CONSULT_ENDED:
            return event.operator if event.data.get("why") != "cancelled" else None
        case _:
            return event.operator if event.kind in NOTEWORTHY else None
