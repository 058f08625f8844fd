"""What is to be done next: which waiting call goes to which ready operator, which must go elsewhere.

Pure: the floor and the time in, one decision out; the caller carries it out on the floor and asks again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from dialplan.acd.floor import Floor, Waiting
from dialplan.acd.rules import Rules, waited
from dialplan.acd.waiting import Line
from kernel.routing import Overflow


@dataclass(frozen=True, slots=True)
class Match:
    """A call and whom it is to be offered to, several where all are rung at once.

    ``why`` is a code: assigned by a supervisor, returned from a transfer, last_operator, skills_relaxed where the
    operator is only able because of the time waited, else the queue's strategy.
    """

    waiting: Waiting
    operators: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Overflowed:
    """A call that leaves its queue by ``rule``."""

    waiting: Waiting
    rule: Overflow


@dataclass(frozen=True, slots=True)
class Displaced:
    """A call whose queue the centre has no longer."""

    waiting: Waiting


Decision = Match | Overflowed | Displaced


def next_decision(floor: Floor, now: datetime) -> Decision | None:
    """The next thing to be done, or None until something changes or ``floor.next_change()``.

    Over all queues: highest priority first, then longest wait; each call to whom its queue's strategy rings.
    """
    floor.advance(now)
    for line in floor.stirred(now):
        decision = _look(floor, line, now)
        if decision:
            return decision
    return None


def _look(floor: Floor, line: Line, now: datetime) -> Decision | None:
    """What is to be done with the head of ``line``; it is settled when that is nothing."""
    head, rules = floor.calls.head(line), floor.rules(line.queue)
    if not floor.has_queue(line.queue):
        return Displaced(head)
    passed = waited(head.since, now)
    open_tiers = rules.open_tiers(passed)
    if line.only:
        if floor.staff.ready.has(line.only):
            return Match(head, (line.only,), _why_only(head, line))
    elif operators := floor.staff.ready.choose(rules, open_tiers, head.call):
        return Match(head, operators, _why(floor, rules, operators[0]))
    unstaffed = floor.unstaffed_since(line.queue, now)
    if not (line.bound or line.stays) and (gone := _overflowed(head, rules, passed, unstaffed, now)):
        return gone
    floor.settle(line, now, *(() if line.bound else _alarms(floor, line, open_tiers, unstaffed)))
    return None


def _why_only(head: Waiting, line: Line) -> str:
    if not line.bound:
        return "last_operator"
    return "returned" if head.returned else "assigned"


def _why(floor: Floor, rules: Rules, operator: str) -> str:
    seat = floor.seat(operator)
    return "skills_relaxed" if rules.queue.needs and seat and rules.tier(seat.skills) else rules.queue.strategy.value


def _overflowed(
    head: Waiting, rules: Rules, passed: timedelta, unstaffed: datetime | None, now: datetime
) -> Overflowed | None:
    """The rule by which the head leaves its queue now."""
    if rules.waited_after is not None and passed >= rules.waited_after:
        return _by_rule(head, rules, "waited")
    if rules.unstaffed_after is not None and unstaffed and now - unstaffed >= rules.unstaffed_after:
        return _by_rule(head, rules, "no_operator")
    return None


def _by_rule(head: Waiting, rules: Rules, when: str) -> Overflowed | None:
    rule = rules.queue.leads_on(when)
    return Overflowed(head, rule) if rule else None


def _alarms(floor: Floor, line: Line, open_tiers: int, unstaffed: datetime | None) -> Iterator[datetime]:
    """When time alone may let something be done with the head of ``line``."""
    head, rules = floor.calls.head(line), floor.rules(line.queue)
    yield from _tiers(floor, line, open_tiers)
    if line.stays:
        return
    if rules.waited_after is not None:
        yield head.since + rules.waited_after
    if rules.unstaffed_after is not None and unstaffed:
        yield unstaffed + rules.unstaffed_after


def _tiers(floor: Floor, line: Line, open_tiers: int) -> Iterator[datetime]:
    """When more operators will do for the head of ``line``."""
    head, rules = floor.calls.head(line), floor.rules(line.queue)
    if line.only:
        yield head.since + rules.last_operator
    elif (tier := floor.staff.ready.first_tier_from(line.queue, open_tiers)) is not None:
        yield head.since + rules.tiers[tier]
