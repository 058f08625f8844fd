"""The calls of the last two days as the reports count them, kept up to date event by event. Pure.

What the wallboard shows is what the figures of the day will say (``kernel.figures`` names and defines it). Only a
hang-up that was noticed late, with no controller connected, is counted here from when it was noticed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime

from agent_console.japan_day import day_of
from crm.figures.contacts import Contact, follow
from crm.figures.count import figures_of_contact
from kernel.events import Event, EventKind
from kernel.figures import QueueFigures, Rule, Rules, quarter_of, summed

Key = tuple[datetime, str]
COUNTED = frozenset(
    {
        EventKind.CALL_QUEUED,
        EventKind.CALL_ANSWERED,
        EventKind.CALLBACK_ASKED,
        EventKind.CALL_ABANDONED,
        EventKind.CALL_LOST,
        EventKind.HAND_OVER_ANSWERED,
        EventKind.CALL_FAILED,
        EventKind.CALL_ENDED,
    }
)


class Contacts:
    """Grows with each event, in the order of the log. Quarters in which nothing changes are added up once."""

    def __init__(self) -> None:
        self._contacts: dict[str, Contact] = {}
        self._quarters: defaultdict[Key, set[str]] = defaultdict(set)
        self._sums: dict[Key, QueueFigures] = {}
        self._rules: Rules = {}

    def apply(self, event: Event) -> None:
        """Take one event in."""
        if event.call is None or event.kind not in COUNTED:
            return
        before = self._contacts.get(event.call)
        after = follow(before, event.call, event, event.at)
        if after is None or after == before:
            return
        if before:
            self._quarters[_key(before)].discard(event.call)
            self._sums.pop(_key(before), None)
        self._contacts[event.call] = after
        self._quarters[_key(after)].add(event.call)
        self._sums.pop(_key(after), None)

    def quarters(self, day: date, rules: Rules, now: datetime) -> Mapping[Key, QueueFigures]:
        """By the beginning of the quarter of an hour and by queue: the calls that came on Japan's ``day``."""
        if rules != self._rules:
            self._rules = dict(rules)
            self._sums.clear()
        return {key: self._sum(key, now) for key, calls in self._quarters.items() if calls and day_of(key[0]) == day}

    def by_queue(self, day: date, rules: Rules, now: datetime) -> Mapping[str, QueueFigures]:
        """The sums of Japan's ``day``."""
        return summed(self.quarters(day, rules, now).items(), lambda key: key[1])

    def forget(self, oldest: date) -> None:
        """Drop what is before ``oldest``."""
        for key in [key for key in self._quarters if day_of(key[0]) < oldest]:
            for call in self._quarters.pop(key):
                del self._contacts[call]
            self._sums.pop(key, None)

    def _sum(self, key: Key, now: datetime) -> QueueFigures:
        if key in self._sums:
            return self._sums[key]
        own = [self._contacts[call] for call in self._quarters[key]]
        rule = self._rules.get(key[1], Rule())
        total = sum((figures_of_contact(one, rule, now) for one in own), QueueFigures())
        if not total.waiting:
            self._sums[key] = total
        return total


def _key(contact: Contact) -> Key:
    return quarter_of(contact.offered), contact.queue
