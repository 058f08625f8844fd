"""What an operator should know of a call before answering: why it came here, and what it has been through. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from agent_console.journey.wording import Names, sentence
from kernel.events import Event, EventKind

KINDS = frozenset(
    {
        EventKind.CALL_OFFERED,
        EventKind.CALL_OVERFLOWED,
        EventKind.CALL_MOVED,
        EventKind.OFFER_NOT_ANSWERED,
        EventKind.CALL_ANSWERED,
        EventKind.HAND_OVER_STARTED,
        EventKind.HAND_OVER_ANSWERED,
        EventKind.HAND_OVER_FAILED,
        EventKind.CONSULT_ENDED,
        EventKind.CALL_TAKEN_OVER,
        EventKind.CALLBACK_ASKED,
        EventKind.CALLBACK_NOT_REACHED,
    }
)
"""The events that it is read from."""

IN_VAIN = frozenset({EventKind.HAND_OVER_FAILED, EventKind.CONSULT_ENDED})
TRIES = IN_VAIN | {EventKind.HAND_OVER_STARTED, EventKind.HAND_OVER_ANSWERED}


@dataclass(frozen=True, slots=True)
class Before:
    """Something that happened to the call earlier, in words."""

    at: datetime
    text: str
    detail: str


@dataclass(frozen=True, slots=True)
class Background:
    """``why`` the call was offered to this operator, "" where it was not; ``before``: all that came before that.

    ``failed`` is the extension that the caller has come back from, or that was asked and did not take the call; ""
    where no transfer failed last.
    """

    why: str = ""
    before: tuple[Before, ...] = ()
    failed: str = ""


def background(events: Iterable[Event], operator: str, names: Names) -> Background:
    """From the call's own ``events``, in the order of the log."""
    known = [event for event in events if event.kind in KINDS]
    offered = [place for place, one in enumerate(known) if _offered_to(one, operator)]
    last = offered[-1] if offered else len(known)
    because = str(known[last].data.get("because") or "") if offered else ""
    earlier = (event for event in known[:last] if event.kind is not EventKind.CALL_OFFERED)
    told = ((event, said) for event in earlier if (said := sentence(event, names)))
    return Background(because, tuple(Before(event.at, *said) for event, said in told), _failed(known))


def _failed(known: Iterable[Event]) -> str:
    tries = [event for event in known if event.kind in TRIES]
    last = tries[-1] if tries else None
    failed = last is not None and last.kind in IN_VAIN
    return str(last.data.get("extension") or "") if last and failed else ""


def _offered_to(event: Event, operator: str) -> bool:
    return event.kind is EventKind.CALL_OFFERED and event.operator == operator
