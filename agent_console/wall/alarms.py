"""What somebody must look after at once: the telephone's control, Asterisk, the store, queues that nobody serves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from agent_console.live.control import Control, ControlState
from kernel.centre import Centre
from kernel.operator import BUSY, OperatorState, OperatorStatus

PATIENCE = timedelta(seconds=5)
"""A controller that hands over, or finds Asterisk again at once, is no alarm."""
AT_WORK = BUSY | {OperatorState.READY}


@dataclass(frozen=True, slots=True)
class Alarm:
    """``kind`` is what a supervisor may choose to hear: control, exchange, store, nobody."""

    kind: str
    since: datetime | None = None
    queue: str = ""


def alarms(
    state: ControlState, silent: datetime | None, trouble: bool, unserved: Iterable[str], now: datetime
) -> tuple[Alarm, ...]:
    """What is to be told at ``now``. ``silent``: since when no controller has given a sign of life.

    ``trouble``: the log can't be read. ``unserved``: the labels of queues for which nobody is at work.
    """
    found = [Alarm("store")] if trouble else []
    if silent:
        found.append(Alarm("control", silent))
    elif state.now is Control.CONNECTING and state.since and now - state.since >= PATIENCE:
        found.append(Alarm("exchange", state.since))
    return (*found, *(Alarm("nobody", queue=label) for label in unserved))


def unserved(centre: Centre, statuses: Iterable[OperatorStatus], is_open: bool, waiting: Iterable[str]) -> list[str]:
    """The labels of the queues that take calls, or hold some (``waiting``: their ids), with nobody at work for them."""
    at_work = {status.operator for status in statuses if status.state in AT_WORK}
    served = {queue for seat in centre.operators if seat.id in at_work for queue in seat.queues}
    held = set(waiting)
    takes = {queue.id for queue in centre.queues if queue.id in held or (is_open and not queue.closed)}
    return [queue.label for queue in centre.queues if queue.id in takes - served]
