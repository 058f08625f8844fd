"""Which waiting call goes to which ready operator. Pure: the floor in, one pair out."""

from __future__ import annotations

from dataclasses import dataclass

from dialplan.acd.floor import Floor, Ready, Waiting


@dataclass(frozen=True, slots=True)
class Match:
    """A call and the operator it is to be offered to."""

    waiting: Waiting
    ready: Ready


def next_match(floor: Floor) -> Match | None:
    """The next offer, or None: longest wait first over all queues, each to its longest idle operator."""
    for waiting in floor.heads():
        if ready := floor.first_ready(waiting.queue):
            return Match(waiting, ready)
    return None
