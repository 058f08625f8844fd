"""What operators have done since they logged in, as far as strategies ask for it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

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
        """The tally when ``before`` has become ``status``; a log-out ends it."""
        if status.state is OperatorState.LOGGED_OUT:
            return Tally()
        passed = max(timedelta(), status.since - before.since)
        talks = status.state is OperatorState.TALKING and (before.state not in TALK or before.call != status.call)
        return replace(
            self,
            calls=self.calls + talks,
            busy=self.busy + (passed if before.state in AT_WORK else timedelta()),
            idle=self.idle + (passed if before.state in IDLE else timedelta()),
        )
