"""What operators have done on this day of Japan since they logged in, as far as strategies ask for it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from kernel.centre import JAPAN
from kernel.operator import OperatorState, OperatorStatus

AT_WORK = frozenset({OperatorState.TALKING, OperatorState.ON_HOLD, OperatorState.WRAP_UP})
TALK = frozenset({OperatorState.TALKING, OperatorState.ON_HOLD})
IDLE = frozenset({OperatorState.READY, OperatorState.RINGING})


@dataclass(frozen=True, slots=True)
class Tally:
    """``calls`` were answered; ``busy`` is talk, hold, wrap-up, ``idle`` the time in which a call could have come."""

    calls: int = 0
    busy: timedelta = timedelta()
    idle: timedelta = timedelta()

    @property
    def occupancy(self) -> float:
        """The part of the time that was work, from 0 to 1."""
        total = self.busy + self.idle
        return self.busy / total if total else 0.0

    def after(self, before: OperatorStatus, status: OperatorStatus) -> Tally:
        """The tally when ``before`` has become ``status``; a log-out ends it, and so does midnight in Japan."""
        if status.state is OperatorState.LOGGED_OUT:
            return Tally()
        begins = day_of(status.since)
        known = self if before.since >= begins else Tally()
        passed = max(timedelta(), status.since - max(before.since, begins))
        talks = status.state is OperatorState.TALKING and (before.state not in TALK or before.call != status.call)
        return replace(
            known,
            calls=known.calls + talks,
            busy=known.busy + (passed if before.state in AT_WORK else timedelta()),
            idle=known.idle + (passed if before.state in IDLE else timedelta()),
        )


def day_of(moment: datetime) -> datetime:
    """The midnight in Japan at which the day of ``moment`` began."""
    return datetime.combine(moment.astimezone(JAPAN).date(), time(), JAPAN)
