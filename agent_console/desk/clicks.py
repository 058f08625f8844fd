"""Which clicks can't lead anywhere, told at once (hard case 30). What passes goes to the controller, which decides."""

from __future__ import annotations

import re

from kernel.centre import Centre
from kernel.commands import Command, CommandKind
from kernel.operator import BUSY, OperatorState, OperatorStatus

WITH_CALLER = frozenset({OperatorState.TALKING, OperatorState.ON_HOLD})
RINGING = OperatorState.RINGING
EXTENSION = re.compile(r"[0-9]{2,8}")


def refused(click: Command, status: OperatorStatus | None, centre: Centre) -> str | None:
    """The code of the reason (see ``words.REFUSALS``) why ``click`` is in vain, None where it is not."""
    state = status.state if status else OperatorState.LOGGED_OUT
    match click.kind:
        case CommandKind.READY:
            code = _ready(state)
        case CommandKind.PAUSE:
            code = _pause(click, status, centre)
        case CommandKind.FINISH_WRAP_UP | CommandKind.EXTEND_WRAP_UP:
            code = _of_call(click, status) or (None if state is OperatorState.WRAP_UP else "wrong_state")
        case CommandKind.ANSWER:
            code = _of_call(click, status) or _answer(click, state, centre)
        case CommandKind.HANG_UP:  # also of a call of one's own that rings
            code = _of_call(click, status) or (None if state in {*WITH_CALLER, RINGING} else "call_is_over")
        case (
            CommandKind.REJOIN
            | CommandKind.SWAP
            | CommandKind.THREE
            | CommandKind.COMPLETE
            | CommandKind.CANCEL_CONSULT
        ):
            code = _of_call(click, status) or (None if state in WITH_CALLER else "call_is_over")
        case CommandKind.HOLD | CommandKind.RESUME:
            code = _of_call(click, status) or _hold(click, state)
        case CommandKind.HAND_OVER | CommandKind.CONSULT:
            code = _of_call(click, status) or _hand_over(click, state, centre)
        case CommandKind.LOG_IN:
            code = None if state is OperatorState.LOGGED_OUT else "already_done"
        case CommandKind.LOG_OUT:
            code = None
        case CommandKind.DIAL:
            code = "wrong_state" if state in BUSY or state is OperatorState.LOGGED_OUT else None
        case _:  # a supervisor's
            code = "wrong_state"
    return code


def _of_call(click: Command, status: OperatorStatus | None) -> str | None:
    return None if status and status.call == click.call else "call_is_over"


def _answer(click: Command, state: OperatorState, centre: Centre) -> str | None:
    if state is not RINGING:
        return "already_done" if state in WITH_CALLER else "call_is_over"
    seat = centre.operator(click.operator)
    return None if seat and seat.phone == "auto_answer" else "answers_by_hand"


def _ready(state: OperatorState) -> str | None:
    if state is OperatorState.LOGGED_OUT:
        return "wrong_state"
    return "already_done" if state is OperatorState.READY else None


def _pause(click: Command, status: OperatorStatus | None, centre: Centre) -> str | None:
    if status is None or status.state is OperatorState.LOGGED_OUT:
        return "wrong_state"
    if click.reason not in centre.pause_reasons:
        return "unknown_reason"
    if status.state is OperatorState.PAUSED and status.reason == click.reason:
        return "already_done"
    return None


def _hold(click: Command, state: OperatorState) -> str | None:
    if state not in WITH_CALLER:
        return "call_is_over"
    held = state is OperatorState.ON_HOLD
    return "already_done" if held == (click.kind is CommandKind.HOLD) else None


def _hand_over(click: Command, state: OperatorState, centre: Centre) -> str | None:
    if state not in WITH_CALLER:
        return "call_is_over"
    if click.kind is CommandKind.CONSULT and click.language:
        return None if centre.interpreter(click.language) else "no_interpreter"
    return None if EXTENSION.fullmatch(click.extension or "") else "unknown_extension"
