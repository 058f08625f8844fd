"""Figures of the running platform, in Prometheus' default registry, beside those that each room keeps itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from prometheus_client import Gauge

READY = Gauge("denwa_ready", "Whether a part is ready, at the last look at /readyz", ["part"])
JOURNAL_BACKLOG = Gauge("denwa_journal_backlog", "Writes that are not committed yet")
JOURNAL_OLDEST_SECONDS = Gauge("denwa_journal_oldest_seconds", "How long the oldest of them has waited")
JOURNAL_REFUSED = Gauge("denwa_journal_refused", "Writes that the database would not take, since the start")
CALLS = Gauge("denwa_calls", "Calls that this controller carries")


class Journal(Protocol):
    """What is told of the journal."""

    @property
    def backlog(self) -> int: ...

    @property
    def oldest_seconds(self) -> float: ...

    @property
    def refused(self) -> int: ...


def watch_journal(journal: Journal) -> None:
    """Show ``journal`` in the figures from now on."""
    JOURNAL_BACKLOG.set_function(lambda: journal.backlog)
    JOURNAL_OLDEST_SECONDS.set_function(lambda: journal.oldest_seconds)
    JOURNAL_REFUSED.set_function(lambda: journal.refused)


def watch_calls(count: Callable[[], int]) -> None:
    """Show how many calls ``count`` tells."""
    CALLS.set_function(count)
