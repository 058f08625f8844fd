"""Facts of one caller, as a journal takes them."""

from __future__ import annotations

from datetime import UTC, datetime

from kernel.call import Call
from kernel.events import Event, EventKind
from kernel.phone_number import PhoneNumber

NOON = datetime(2026, 11, 24, 3, 0, 0, 123456, tzinfo=UTC)
CALLER = PhoneNumber("09012345678")


def arrived(id: str = "centre-1.1", at: datetime = NOON, **more) -> Call:
    return Call(id, at, "0466251111", caller=CALLER, **more)


def event(kind: EventKind = EventKind.CALL_ARRIVED, call: str = "centre-1.1", **more) -> Event:
    return Event(kind, NOON, call=call, **more)
