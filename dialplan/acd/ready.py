"""The operators who are ready, for each queue in the order in which its strategy rings them. Pure."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from typing import assert_never
from zlib import crc32

from dialplan.acd.rules import Rules
from dialplan.acd.tally import Tally
from kernel.routing import OperatorSeat, Strategy

Rank = tuple[float, datetime, str]
"""What the strategy looks at, idle since, operator: lowest first."""

RING_AT_ONCE = 20
"""So many phones one call rings at most; a phone more is a channel more on the exchange."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An operator as far as strategies look at one. ``number`` is the seat's place in the document."""

    seat: OperatorSeat
    number: int
    idle_since: datetime
    tally: Tally


class Ready:
    """Lists of ranks, one for each queue and tier."""

    def __init__(self) -> None:
        self._tiers: dict[str, list[list[Rank]]] = {}
        self._entries: dict[str, list[tuple[list[Rank], Rank]]] = {}

    def enter(self, candidate: Candidate, rules: Iterable[tuple[Rules, int | None]]) -> None:
        """Let a candidate who is not in it be rung for the queues of ``rules``, each from the tier given with it on."""
        entries = self._entries[candidate.seat.id] = []
        for rule, tier in rules:
            if tier is not None:
                tiers = self._tiers.setdefault(rule.queue.id, [[] for _ in rule.tiers])
                entry = (tiers[tier], rank(rule.queue.strategy, rule.queue.id, candidate))
                insort(*entry)
                entries.append(entry)

    def withdraw(self, operator: str) -> None:
        """Let an operator be rung no more; harmless for one who is not in it."""
        for ranks, entry in self._entries.pop(operator, ()):
            del ranks[bisect_left(ranks, entry)]

    def has(self, operator: str) -> bool:
        """Whether the operator is ready."""
        return operator in self._entries

    def choose(self, rules: Rules, tiers: int, call: str) -> tuple[str, ...]:
        """Who is rung for ``call`` of the first ``tiers`` of the queue; nobody when nobody is there."""
        ranks = [some for some in self._tiers.get(rules.queue.id, ())[:tiers] if some]
        match rules.queue.strategy if ranks else None:
            case None:
                return ()
            case Strategy.RING_ALL:
                return tuple(entry[2] for entry, _ in zip(merge(*ranks), range(RING_AT_ONCE), strict=False))
            case Strategy.RANDOM:
                return (_drawn(ranks, call),)
            case _:
                return (min(some[0] for some in ranks)[2],)

    def first_tier_from(self, queue: str, tier: int) -> int | None:
        """The next tier from ``tier`` on in which somebody is ready."""
        later = enumerate(self._tiers.get(queue, ())[tier:], tier)
        return next((number for number, ranks in later if ranks), None)

    def in_queue(self, queue: str) -> list[str]:
        """All who are ready and serve ``queue``, whatever they master, in the order of its strategy."""
        return [entry[2] for entry in merge(*self._tiers.get(queue, ()))]


def rank(strategy: Strategy, queue: str, candidate: Candidate) -> Rank:
    """Where a candidate stands in ``queue``."""
    tally = candidate.tally
    match strategy:
        case Strategy.LONGEST_IDLE | Strategy.RING_ALL | Strategy.RANDOM:
            first = 0.0
        case Strategy.FEWEST_CALLS:
            first = tally.calls
        case Strategy.LEAST_OCCUPIED:
            first = tally.occupancy
        case Strategy.IN_ORDER:
            first = candidate.seat.order.get(queue, 1_000_000 + candidate.number)
        case _:
            assert_never(strategy)
    return (first, candidate.idle_since, candidate.seat.id)


def _drawn(ranks: list[list[Rank]], call: str) -> str:
    drawn = crc32(call.encode()) % sum(len(some) for some in ranks)
    for some in ranks:
        if drawn < len(some):
            return some[drawn][2]
        drawn -= len(some)
    raise AssertionError("a draw lies below the number of candidates")
