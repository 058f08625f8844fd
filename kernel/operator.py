"""Operators and what they are doing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class OperatorState(StrEnum):
    """Only ``READY`` operators are offered calls. ``NOT_ANSWERING`` is 離席扱い: an offer was not answered."""

    LOGGED_OUT = "logged_out"
    READY = "ready"
    RINGING = "ringing"
    TALKING = "talking"
    WRAP_UP = "wrap_up"
    PAUSED = "paused"
    NOT_ANSWERING = "not_answering"


BUSY = frozenset({OperatorState.RINGING, OperatorState.TALKING, OperatorState.WRAP_UP})


@dataclass(frozen=True, slots=True)
class OperatorStatus:
    """What ``operator`` does since ``since`` (aware, UTC); stored at each change (hard case 8).

    ``call`` is the call that rings, runs or is being written up. ``then`` is the state that follows the call at hand
    when the operator asked for one meanwhile: a pause pressed in wrap-up holds (hard case 9).
    """

    operator: str
    state: OperatorState
    since: datetime
    reason: str | None = None
    call: str | None = None
    then: OperatorState | None = None

    def becomes(
        self, state: OperatorState, now: datetime, *, call: str | None = None, reason: str | None = None
    ) -> OperatorStatus:
        """The same operator in another state; ``then`` stays only while a call is at hand."""
        return OperatorStatus(
            self.operator, state, now, reason=reason, call=call, then=self.then if state in BUSY else None
        )

    def afterwards(self, then: OperatorState, reason: str | None = None) -> OperatorStatus:
        """Remember what is to follow the call at hand."""
        return replace(self, then=then, reason=reason)
