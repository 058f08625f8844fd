"""通訳の利用: how long interpreters were on the line, for the invoice (T11). Pure: events in, uses out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from kernel.events import Event, EventKind

BEGAN = EventKind.CONSULT_ANSWERED
OVER = frozenset({EventKind.CONSULT_ENDED, EventKind.TALK_ENDED, EventKind.CALL_FAILED, EventKind.CALL_ENDED})
KINDS = (EventKind.CONSULT_STARTED, BEGAN, *sorted(OVER))
"""The events that it is counted from."""


@dataclass(frozen=True, slots=True)
class Use:
    """An interpreter for ``language``, reached under ``number``, was on the line from ``began`` to ``ended``.

    ``ended`` is None for one who still is. Times are aware.
    """

    call: str
    operator: str | None
    language: str
    number: str
    began: datetime
    ended: datetime | None

    def lasted(self, now: datetime) -> timedelta:
        """Until its end, or until ``now``."""
        return (self.ended or now) - self.began


def uses(events: Iterable[Event]) -> list[Use]:
    """What the calls' ``events``, in the order of the log, tell of interpreters, in the order of their beginning."""
    numbers: dict[str, str] = {}
    open_uses: dict[str, int] = {}
    found: list[Use] = []
    for event in events:
        call, language = event.call or "", event.data.get("language")
        if event.kind is EventKind.CONSULT_STARTED and language:
            numbers[call] = str(event.data.get("extension") or "")
        elif event.kind is BEGAN and language:
            open_uses[call] = len(found)
            found.append(Use(call, event.operator, str(language), numbers.get(call, ""), event.at, None))
        elif event.kind in OVER and call in open_uses:
            place = open_uses.pop(call)
            one = found[place]
            found[place] = Use(one.call, one.operator, one.language, one.number, one.began, event.at)
    return found
