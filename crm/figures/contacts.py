"""What became of each call that came into a queue. Pure: its events in, one value out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from kernel.events import Event, EventKind


class End(StrEnum):
    """How the first wait ended."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Contact:
    """One call, once, however often it was put back into a queue or adopted after a crash.

    ``queue``: where the first wait ended, or where it lasts. ``offered``: when that wait began. ``callback``: it ended
    because the caller is called back, who then was ``reached``, or the callback was ``given_up``.
    """

    call: str
    queue: str
    offered: datetime
    end: End | None = None
    wait_ended: datetime | None = None
    returned: bool = False
    lost: bool = False
    transfers: int = 0
    callback: bool = False
    reached: bool = False
    given_up: bool = False

    def wait(self, now: datetime) -> timedelta:
        """How long the first wait was, or is by ``now``."""
        return max((self.wait_ended or now) - self.offered, timedelta())

    def over(self, end: End, at: datetime, queue: str | None = None) -> Contact:
        """The first wait ends."""
        return replace(self, end=end, wait_ended=at, queue=queue or self.queue)


def contacts(events: Iterable[Event], ended: Mapping[str, datetime]) -> dict[str, Contact]:
    """By call. ``ended`` tells when the telephone call was over, where that is known: a hang-up that was noticed late
    (no controller was connected) is in the log at the time of noticing."""
    by_call: defaultdict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.call and event.kind is not EventKind.OPERATOR_CHANGED:
            by_call[event.call].append(event)
    found = (_contact(call, own, ended.get(call)) for call, own in by_call.items())
    return {contact.call: contact for contact in found if contact}


def _contact(call: str, events: Iterable[Event], ended: datetime | None) -> Contact | None:
    contact: Contact | None = None
    for event in events:
        contact = follow(contact, call, event, min(event.at, ended or event.at))
    return contact


def follow(contact: Contact | None, call: str, event: Event, hung_up: datetime) -> Contact | None:
    """``contact`` after one more event of the ``call``; None until it came into a queue.

    ``hung_up`` is when the caller did, where the event says that it was noticed; else the time of the event.
    """
    if contact is not None:
        return _waited(contact, event, hung_up) if contact.end is None else _came_back(contact, event)
    if event.kind is EventKind.CALL_QUEUED and event.queue:
        return Contact(call, event.queue, event.at)
    return None


def _waited(contact: Contact, event: Event, hung_up: datetime) -> Contact:
    """What ends the first wait, or moves it to another queue."""
    match event.kind:
        case EventKind.CALL_QUEUED:
            return replace(contact, queue=event.queue or contact.queue)
        case EventKind.CALL_ANSWERED:
            return contact.over(End.ANSWERED, event.at, event.queue)
        case EventKind.CALLBACK_ASKED:
            return replace(contact.over(End.LEFT, event.at, event.queue), callback=True)
        case EventKind.CALL_ABANDONED:
            return contact.over(End.ABANDONED, hung_up)
        case EventKind.CALL_FAILED | EventKind.CALL_ENDED:
            return contact.over(End.LEFT, hung_up)
        case _:
            return contact


def _came_back(contact: Contact, event: Event) -> Contact:
    """What happens to a call after its first wait."""
    match event.kind:
        case EventKind.CALL_QUEUED:
            return replace(contact, returned=True)
        case EventKind.CALL_ANSWERED if contact.callback:
            return replace(contact, reached=True)
        case EventKind.CALL_ENDED if contact.callback:
            return replace(contact, given_up=not contact.reached)
        case EventKind.CALL_LOST:
            return replace(contact, lost=True)
        case EventKind.HAND_OVER_ANSWERED:
            return replace(contact, transfers=contact.transfers + 1)
        case _:
            return contact
