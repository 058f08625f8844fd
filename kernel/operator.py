"""Operators and what they are doing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class OperatorState(StrEnum):
    """Only ``READY`` operators are offered calls. ``NOT_ANSWERING`` is 離席扱い: an offer was not answered.

    ``ON_HOLD``: the caller hears music and waits for the operator. ``PHONE_GONE``: would be ready, but the telephone is
    not registered; ready again by itself when it is back.
    """

    LOGGED_OUT = "logged_out"
    READY = "ready"
    RINGING = "ringing"
    TALKING = "talking"
    ON_HOLD = "on_hold"
    WRAP_UP = "wrap_up"
    PAUSED = "paused"
    NOT_ANSWERING = "not_answering"
    PHONE_GONE = "phone_gone"


BUSY = frozenset({OperatorState.RINGING, OperatorState.TALKING, OperatorState.ON_HOLD, OperatorState.WRAP_UP})


@dataclass(frozen=True, slots=True)
class OperatorStatus:
    """What ``operator`` does since ``since`` (aware, UTC); stored at each change (hard case 8).

    ``call`` is the call that rings, runs or is being written up. ``then`` is the state that follows the call at hand
    when the operator asked for one meanwhile: a pause pressed in wrap-up holds (hard case 9).

    ``until`` is when the time set for this state is up, None where none is set: a hold, a wrap-up and a pause have one.
    ``extended`` says how often a wrap-up was given more; ``overrun`` that the end of a pause's time was stored.
    """

    operator: str
    state: OperatorState
    since: datetime
    reason: str | None = None
    call: str | None = None
    then: OperatorState | None = None
    until: datetime | None = None
    extended: int = 0
    overrun: bool = False

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
