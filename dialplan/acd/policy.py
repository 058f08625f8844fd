"""What is to be done next: which waiting call goes to which ready operator, which must go elsewhere.

Pure: the floor and the time in, one decision out; the caller carries it out on the floor and asks again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dialplan.acd.floor import Floor, Waiting
from dialplan.acd.rules import waited
from dialplan.acd.waiting import Line
from kernel.routing import Overflow


@dataclass(frozen=True, slots=True)
class Match:
    """A call and whom it is to be offered to, several where all are rung at once.

    ``why`` is a code: last_operator, skills_relaxed where the operator is only able because of the time waited, else
    the queue's strategy.
    """

    waiting: Waiting
    operators: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Overflowed:
    """A call that leaves its queue by ``rule``."""

    waiting: Waiting
    rule: Overflow


Decision = Match | Overflowed


def next_decision(floor: Floor, now: datetime) -> Decision | None:
    """The next thing to be done, or None until something changes or ``floor.next_change()``.

    Over all queues: highest priority first, then longest wait; each call to whom its queue's strategy rings.
    """
    floor.advance(now)
    for line in floor.stirred(now):
        decision = _match(floor, line, now) or _overflow(floor, line, now)
        if decision:
            return decision
        _settle(floor, line, now)
    return None


def _match(floor: Floor, line: Line, now: datetime) -> Match | None:
    head, rules = floor.calls.head(line), floor.rules(line.queue)
    open_tiers = rules.open_tiers(waited(head.since, now))
    if line.only is None:
        operators = floor.staff.ready.choose(rules, open_tiers, head.call)
        why = (
            "skills_relaxed" if operators and _relaxed(floor, line.queue, operators[0]) else rules.queue.strategy.value
        )
        return Match(head, operators, why) if operators else None
    able = floor.staff.ready.has(line.only)
    return Match(head, (line.only,), "last_operator") if able else None


def _relaxed(floor: Floor, queue: str, operator: str) -> bool:
    rules, seat = floor.rules(queue), floor.seat(operator)
    return bool(rules.queue.needs and seat and rules.tier(seat.skills))


def _overflow(floor: Floor, line: Line, now: datetime) -> Overflowed | None:
    head, rules = floor.calls.head(line), floor.rules(line.queue)
    unstaffed = floor.unstaffed_since(line.queue, now)
    rule = None
    if rules.waited_after is not None and waited(head.since, now) >= rules.waited_after:
        rule = rules.queue.leads_on("waited")
    elif rules.unstaffed_after is not None and unstaffed and now - unstaffed >= rules.unstaffed_after:
        rule = rules.queue.leads_on("no_operator")
    return Overflowed(head, rule) if rule else None


def _settle(floor: Floor, line: Line, now: datetime) -> None:
    head, rules = floor.calls.head(line), floor.rules(line.queue)
    closed = rules.open_tiers(waited(head.since, now))
    tier = floor.staff.ready.first_tier_from(line.queue, closed) if line.only is None else None
    unstaffed = floor.unstaffed_since(line.queue, now)
    floor.settle(
        line,
        now,
        floor.hopes_until(line),
        head.since + rules.tiers[tier] if tier is not None else None,
        head.since + rules.waited_after if rules.waited_after is not None else None,
        unstaffed + rules.unstaffed_after if unstaffed and rules.unstaffed_after is not None else None,
    )
