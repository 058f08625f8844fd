"""Figures from events. Pure: what the log holds of a span of time in, counts and sums by quarter of an hour out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crm.figures.contacts import Contact, End, contacts
from crm.figures.led import led
from crm.figures.stretches import Stretch, by_quarter, stretches
from kernel.events import Event, EventKind
from kernel.figures import Figures, OperatorFigures, QueueFigures, Rule, Rules, quarter_of

COUNTED = (
    EventKind.CALL_QUEUED,
    EventKind.CALL_ANSWERED,
    EventKind.CALLBACK_ASKED,
    EventKind.CALL_ABANDONED,
    EventKind.CALL_LOST,
    EventKind.OFFER_NOT_ANSWERED,
    EventKind.CALL_TAKEN_OVER,
    EventKind.TALK_ENDED,
    EventKind.HAND_OVER_STARTED,
    EventKind.HAND_OVER_ANSWERED,
    EventKind.CALL_FAILED,
    EventKind.CALL_ENDED,
    EventKind.OPERATOR_CHANGED,
)
"""The kinds that figures are made of."""

TIMES = {
    "ready": "ready",
    "ringing": "ringing",
    "talking": "talk",
    "on_hold": "hold",
    "wrap_up": "wrap_up",
    "paused": "paused",
    "not_answering": "not_answering",
    "phone_gone": "phone_gone",
}
"""The log's word for a state, and the figure that its time adds to; any other state's time is ``other``."""

OF_CALLS = frozenset({"talk", "hold", "wrap_up"})

Key = tuple[datetime, str]


@dataclass(frozen=True, slots=True)
class Logged:
    """What the log holds of the time from ``since`` up to, not including, ``until``; events in the log's order.

    ``events``: all of the calls to which anything happened in that time, also what was before and after it, and the
    operators' changes in it. ``opening``: each operator's last change before it. ``ended``: when those calls were over.
    """

    since: datetime
    until: datetime
    opening: Sequence[Event] = ()
    events: Sequence[Event] = ()
    ended: Mapping[str, datetime] = field(default_factory=dict[str, datetime])


def worked_in(logged: Logged, now: datetime) -> list[Stretch]:
    """What the operators did in the span, as far as it has passed by ``now``."""
    changes = [event for event in logged.events if event.kind is EventKind.OPERATOR_CHANGED]
    return stretches([*logged.opening, *changes], logged.since, min(logged.until, now))


def count(logged: Logged, rules: Rules, now: datetime) -> Figures:
    """Figures of the span, as far as it has passed by ``now``; what lasts is counted up to ``now``."""
    own = contacts(logged.events, logged.ended)
    worked = worked_in(logged, now)
    offered = [contact for contact in own.values() if logged.since <= contact.offered < logged.until]
    taken = led(logged.events, logged.ended, logged.since, min(logged.until, now))
    return Figures(_queues(offered, own, [*worked, *taken], rules, now), _operators(logged, worked, taken))


def _queues(
    offered: Iterable[Contact], own: Mapping[str, Contact], worked: Iterable[Stretch], rules: Rules, now: datetime
) -> dict[Key, QueueFigures]:
    times: defaultdict[Key, defaultdict[str, timedelta]] = defaultdict(lambda: defaultdict(timedelta))
    for stretch in worked:
        contact, name = own.get(stretch.call or ""), TIMES.get(stretch.state)
        if contact and name in OF_CALLS:
            for quarter, time in by_quarter(stretch):
                times[quarter, contact.queue][name] += time
    figures = {
        key: QueueFigures(talk=sums["talk"], hold=sums["hold"], wrap_up=sums["wrap_up"]) for key, sums in times.items()
    }
    for contact in offered:
        key = quarter_of(contact.offered), contact.queue
        figures[key] = figures.get(key, QueueFigures()) + figures_of_contact(
            contact, rules.get(contact.queue, Rule()), now
        )
    return figures


def figures_of_contact(contact: Contact, rule: Rule, now: datetime) -> QueueFigures:
    """What one call counts for, at ``now``."""
    wait = contact.wait(now)
    answered, abandoned = contact.end is End.ANSWERED, contact.end is End.ABANDONED
    late = wait > rule.target
    return QueueFigures(
        offered=1,
        answered=int(answered),
        within=int(answered and not late),
        beyond=int(late),
        abandoned=int(abandoned),
        short=int(abandoned and wait <= rule.short),
        left=int(contact.end is End.LEFT),
        callbacks=int(contact.callback),
        reached=int(contact.reached),
        given_up=int(contact.given_up),
        waiting=int(contact.end is None),
        pending=int(contact.end is None and not late),
        returned=int(contact.returned),
        lost=int(contact.lost),
        transfers=contact.transfers,
        answered_wait=wait if answered else timedelta(),
        abandoned_wait=wait if abandoned else timedelta(),
        longest_wait=wait,
    )


def _operators(logged: Logged, worked: Iterable[Stretch], taken: Iterable[Stretch]) -> dict[Key, OperatorFigures]:
    times: defaultdict[Key, defaultdict[str, timedelta]] = defaultdict(lambda: defaultdict(timedelta))
    named = [(TIMES.get(stretch.state, "other"), stretch) for stretch in worked]
    for name, stretch in (*named, *(("led", stretch) for stretch in taken)):
        for quarter, time in by_quarter(stretch):
            times[quarter, stretch.operator][name] += time
    counts = _deeds(logged)
    return {key: _operator(counts[key], times[key]) for key in [*times, *(key for key in counts if key not in times)]}


def _operator(counts: Mapping[str, int], times: Mapping[str, timedelta]) -> OperatorFigures:
    return OperatorFigures(
        answered=counts["answered"],
        not_answered=counts["not_answered"],
        transfers=counts["transfers"],
        taken_over=counts["taken_over"],
        led=times["led"],
        ready=times["ready"],
        ringing=times["ringing"],
        talk=times["talk"],
        hold=times["hold"],
        wrap_up=times["wrap_up"],
        paused=times["paused"],
        not_answering=times["not_answering"],
        phone_gone=times["phone_gone"],
        other=times["other"],
    )


def _deeds(logged: Logged) -> defaultdict[Key, Counter[str]]:
    """What operators did with calls; an operator who meets the same call again has answered it once."""
    counts: defaultdict[Key, Counter[str]] = defaultdict(Counter)
    met: set[tuple[str | None, str]] = set()
    for event in logged.events:
        name = DEEDS.get(event.kind)
        who = str(event.data.get("by")) if name == "taken_over" else event.operator
        if name is None or who is None:
            continue
        if event.data.get("purpose"):  # one of the operator's own
            continue
        again = name == "answered" and (event.call, who) in met
        if name == "answered":
            met.add((event.call, who))
        if not again and logged.since <= event.at < logged.until:
            counts[quarter_of(event.at), who][name] += 1
    return counts


DEEDS: Mapping[EventKind, str] = {
    EventKind.CALL_ANSWERED: "answered",
    EventKind.OFFER_NOT_ANSWERED: "not_answered",
    EventKind.HAND_OVER_ANSWERED: "transfers",
    EventKind.CALL_TAKEN_OVER: "taken_over",
}
