"""所管課ごとの転送件数: transfers by the department that the directory named then. Pure: the log in, counts out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from crm.directory.values import Change
from kernel.directory import Entry
from kernel.events import Event, EventKind

STARTED, ANSWERED, FAILED = EventKind.HAND_OVER_STARTED, EventKind.HAND_OVER_ANSWERED, EventKind.HAND_OVER_FAILED
KINDS = (STARTED, ANSWERED, FAILED, EventKind.NUMBER_TOLD)
"""The events that it is counted from."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a transfer went: the section (課 or related body) and its division, as the directory had them then.

    ``department`` is the id of the owning department (所管課), "" for none. All are "" for an extension that was in no
    directory.
    """

    department: str = ""
    division: str = ""
    section: str = ""


@dataclass(frozen=True, slots=True)
class Transfers:
    """``tried`` begun in the span; what became of each counts when it happened. ``failed`` by reason.

    ``told``: callers who were given the outside number instead.
    """

    tried: int = 0
    answered: int = 0
    failed: Mapping[str, int] = field(default_factory=dict[str, int])
    told: int = 0

    @property
    def failures(self) -> int:
        return sum(self.failed.values())

    @property
    def others(self) -> int:
        """Neither answered nor failed: the caller hung up first, or it rings still."""
        return max(0, self.tried - self.answered - self.failures)

    def __add__(self, other: Transfers) -> Transfers:
        failed = Counter(self.failed) + Counter(other.failed)
        return Transfers(self.tried + other.tried, self.answered + other.answered, dict(failed), self.told + other.told)


class Past:
    """What the directory was at any time, from the log of its changes (oldest first)."""

    def __init__(self, changes: Iterable[Change]) -> None:
        self._of_extension: defaultdict[str, list[tuple[datetime, Entry | None]]] = defaultdict(list)
        self._of_id: defaultdict[str, list[tuple[datetime, Entry | None]]] = defaultdict(list)
        for change in changes:
            self._take(change)

    def target(self, event: Event) -> Target:
        """Where ``event`` was about to lead, by its extension, or by the entry whose number was told."""
        data = event.data
        if event.kind is EventKind.NUMBER_TOLD:
            entry = _at(self._of_id.get(str(data.get("entry")), ()), event.at)
        else:
            entry = _at(self._of_extension.get(str(data.get("extension")), ()), event.at)
        return Target(entry.department, entry.division, entry.section) if entry else Target()

    def _take(self, change: Change) -> None:
        before = change.before.extension if change.before else ""
        after = change.after.extension if change.after else ""
        if before and before != after and _now(self._of_extension[before]) == change.before:
            self._of_extension[before].append((change.at, None))
        if after:
            self._of_extension[after].append((change.at, change.after))
        self._of_id[change.entry].append((change.at, change.after))


def transfers(events: Iterable[Event], past: Past) -> dict[Target, Transfers]:
    """What ``events`` add up to, by target."""
    found: defaultdict[Target, Transfers] = defaultdict(Transfers)
    for event in events:
        if event.kind in KINDS:
            found[past.target(event)] += _one(event)
    return dict(found)


def _one(event: Event) -> Transfers:
    match event.kind:
        case EventKind.HAND_OVER_STARTED:
            return Transfers(tried=1)
        case EventKind.HAND_OVER_ANSWERED:
            return Transfers(answered=1)
        case EventKind.HAND_OVER_FAILED:
            return Transfers(failed={str(event.data.get("reason") or "failed"): 1})
        case _:
            return Transfers(told=1)


def _at(known: Sequence[tuple[datetime, Entry | None]], at: datetime) -> Entry | None:
    """The last that was so at ``at``."""
    return next((entry for since, entry in reversed(known) if since <= at), None)


def _now(known: Sequence[tuple[datetime, Entry | None]]) -> Entry | None:
    return known[-1][1] if known else None
