"""Tells the log why calls wait and why operators who are ready get none, when the reasons change.

The console shows it from there: it can't ask the controller. Calls that are taken at once are not explained, and a look
takes a bounded time however many wait.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import structlog

from dialplan.acd.explain import explain_waiting
from dialplan.acd.floor import Waiting
from dialplan.acd.outlook import outlook
from dialplan.acd.passed_over import explain_operator
from dialplan.acd.rules import waited
from dialplan.desk import Desk
from kernel.events import Event, EventKind
from kernel.operator import OperatorState
from kernel.ports import Clock, Journal

log = structlog.get_logger(__name__)

LOOK_SECONDS = 2.0
AT_ONCE = timedelta(seconds=1.5)
"""Who has waited or is ready for less needs no explanation."""
CALL_GAP = timedelta(seconds=5)
OPERATOR_GAP = timedelta(seconds=5)
SAME_REASON_GAP = timedelta(seconds=30)
"""An operator's reason that differs only in its wording: whose turn it is."""
MOST_IN_A_LOOK = 50

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Told:
    """What was stored last: ``key`` is what a change is judged by."""

    at: datetime
    key: tuple[object, ...]
    beyond: bool = False
    text: str = ""


class Explainer:
    """One for a connection; it begins by telling all anew."""

    def __init__(self, desk: Desk, journal: Journal, now: Clock) -> None:
        self._desk = desk
        self._floor = desk.floor
        self._journal = journal
        self._now = now
        self._calls: dict[str, Told] = {}
        self._operators: dict[str, Told] = {}
        self._looks = 0

    async def run(self) -> None:
        """Look, again and again. A mistake in explaining is loud and costs no call."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                self.look()
            except Exception:
                log.exception("the waiting can't be explained")

    def look(self) -> None:
        """Store what has changed."""
        now = self._now()
        waiting = self._floor.calls.all()
        here = {place.call for place in waiting}
        self._calls = {call: told for call, told in self._calls.items() if call in here}
        for place in _some(waiting, self._looks):
            if waited(place.since, now) >= AT_ONCE:
                self._explain_call(place, now)
        ready = [status for status in self._floor.statuses() if status.state is OperatorState.READY]
        idle = [status.operator for status in ready if now - status.since >= AT_ONCE]
        self._operators = {one: told for one, told in self._operators.items() if one in set(idle)}
        for operator in _some(idle, self._looks):
            self._explain_operator(operator, now)
        self._looks += 1

    def _explain_call(self, place: Waiting, now: datetime) -> None:
        reasons = explain_waiting(self._floor, place.call, now)
        position = self._floor.position(place.call, now)
        target = timedelta(seconds=self._floor.rules(place.queue).queue.target_seconds)
        beyond = waited(place.since, now) > target
        key = (place.queue, position, *(reason.code for reason in reasons))
        told = self._calls.get(place.call)
        if told and told.beyond == beyond and (told.key == key or now - told.at < CALL_GAP):
            return
        self._calls[place.call] = Told(now, key, beyond)
        expected = self._desk.expected(place.queue, position) if position else None
        data = {
            "codes": ",".join(reason.code for reason in reasons),
            "because": "。".join(reason.text for reason in reasons),
            "outlook": "。".join(outlook(self._floor, place.call, reasons, now)),
            "position": position,
            "expected_seconds": round(expected.mean.total_seconds()) if expected else None,
            "waited_seconds": round(waited(place.since, now).total_seconds(), 1),
            "beyond": beyond,
        }
        self._journal.write(Event(EventKind.WAIT_EXPLAINED, now, place.call, queue=place.queue, data=data))
        if beyond and not (told and told.beyond):
            log.info("waits beyond the target", call=place.call, queue=place.queue, **data)

    def _explain_operator(self, operator: str, now: datetime) -> None:
        reason, told = explain_operator(self._floor, operator, now), self._operators.get(operator)
        key = (reason.code,)
        if told:
            gap = OPERATOR_GAP if told.key != key else SAME_REASON_GAP
            if (told.key, told.text) == (key, reason.text) or now - told.at < gap:
                return
        self._operators[operator] = Told(now, key, text=reason.text)
        data = {"code": reason.code, "because": reason.text}
        self._journal.write(Event(EventKind.OPERATOR_EXPLAINED, now, operator=operator, data=data))


def _some(all_of_them: Sequence[T], turn: int) -> Sequence[T]:
    """So many of them as one look may take, others at the next turn."""
    parts = -(-len(all_of_them) // MOST_IN_A_LOOK) or 1
    return all_of_them[turn % parts :: parts]
