"""How an operator's state changes, by the operator's wish and by the calls. Pure.

A pause that is wished during a call waits until the call and its wrap-up are over (hard case 9).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from kernel.operator import BUSY, OperatorState, OperatorStatus


class NotPossible(Exception):
    """The wish can't be fulfilled; ``reason`` is a code that the console puts into words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def logged_out(operator: str, now: datetime) -> OperatorStatus:
    """What an operator is who was never seen."""
    return OperatorStatus(operator, OperatorState.LOGGED_OUT, now)


def log_in(status: OperatorStatus, now: datetime) -> OperatorStatus:
    """Sit down. Nobody is offered a call before saying to be ready; a second window changes nothing."""
    return status.becomes(OperatorState.PAUSED, now) if status.state is OperatorState.LOGGED_OUT else status


def wish(status: OperatorStatus, state: OperatorState, reason: str | None, now: datetime) -> OperatorStatus:
    """Become READY, PAUSED or LOGGED_OUT: at once when free, else after the call at hand.

    Raises NotPossible while logged out, and when it is so already: a second press does not restart the time.
    """
    if status.state is OperatorState.LOGGED_OUT and state is not OperatorState.LOGGED_OUT:
        raise NotPossible("wrong_state")
    if status.state in BUSY and (status.then, status.reason) == (state, reason):
        raise NotPossible("already_done")
    if status.state in BUSY:
        return status.afterwards(state, reason)
    if (status.state, status.reason) == (state, reason):
        raise NotPossible("already_done")
    return status.becomes(state, now, reason=reason)


def offered(status: OperatorStatus, call: str, now: datetime) -> OperatorStatus:
    """The phone rings."""
    return status.becomes(OperatorState.RINGING, now, call=call)


def dials(status: OperatorStatus, call: str, now: datetime) -> OperatorStatus:
    """The phone rings for a call of the operator's own; who was paused is so again afterwards.

    Raises NotPossible while logged out and with another call at hand.
    """
    if status.state in BUSY or status.state is OperatorState.LOGGED_OUT:
        raise NotPossible("wrong_state")
    ringing = status.becomes(OperatorState.RINGING, now, call=call)
    return ringing.afterwards(status.state, status.reason) if status.state is OperatorState.PAUSED else ringing


def rings_for(status: OperatorStatus, call: str) -> bool:
    """Whether the phone rings for ``call``."""
    return (status.state, status.call) == (OperatorState.RINGING, call)


def talks(status: OperatorStatus, call: str, now: datetime) -> OperatorStatus:
    """The operator has answered."""
    return _keeping_reason(status, status.becomes(OperatorState.TALKING, now, call=call))


def holds(status: OperatorStatus, call: str, until: datetime, now: datetime) -> OperatorStatus:
    """The caller is on hold, at the latest until ``until``; harmless for one who is."""
    if status.state is OperatorState.ON_HOLD:
        return replace(status, until=until)
    return replace(_keeping_reason(status, status.becomes(OperatorState.ON_HOLD, now, call=call)), until=until)


def wraps_up(status: OperatorStatus, call: str, now: datetime, until: datetime | None = None) -> OperatorStatus:
    """The talk is over, its history is to be written; None: without limit."""
    return replace(_keeping_reason(status, status.becomes(OperatorState.WRAP_UP, now, call=call)), until=until)


def with_phone(status: OperatorStatus, reachable: bool) -> OperatorStatus:
    """Whoever would be ready without a telephone is PHONE_GONE; nobody else changes for the telephone's sake."""
    if status.state is OperatorState.READY and not reachable:
        return replace(status, state=OperatorState.PHONE_GONE)
    return status


def phone_changed(status: OperatorStatus, reachable: bool, now: datetime) -> OperatorStatus:
    """The telephone has come or gone: ready again by itself, and ready no longer."""
    match status.state:
        case OperatorState.PHONE_GONE if reachable:
            return status.becomes(OperatorState.READY, now)
        case OperatorState.READY if not reachable:
            return status.becomes(OperatorState.PHONE_GONE, now)
        case _:
            return status


def not_answering(status: OperatorStatus, now: datetime) -> OperatorStatus:
    """An offer was not answered (離席扱い, hard case 11): no more offers until the operator says to be ready."""
    if status.then is OperatorState.PAUSED or status.then is OperatorState.LOGGED_OUT:
        return status.becomes(status.then, now, reason=status.reason)
    return status.becomes(OperatorState.NOT_ANSWERING, now)


def without_seat(status: OperatorStatus, now: datetime) -> OperatorStatus:
    """The seat was taken away: the operator's shift ends, as soon as no call is at hand."""
    if status.state in BUSY or status.state is OperatorState.LOGGED_OUT:
        return status
    return status.becomes(OperatorState.LOGGED_OUT, now)


def free(status: OperatorStatus, now: datetime) -> OperatorStatus:
    """The call at hand is over: on to what was wished meanwhile, else ready. Harmless for one who has no call."""
    if status.state not in BUSY:
        return status
    then = status.then or OperatorState.READY
    return status.becomes(then, now, reason=status.reason if then is OperatorState.PAUSED else None)


def _keeping_reason(before: OperatorStatus, after: OperatorStatus) -> OperatorStatus:
    return after.afterwards(before.then, before.reason) if before.then else after
