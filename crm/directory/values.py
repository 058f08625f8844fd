"""What the directory keeps of an entry, and of a change. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kernel.directory import Entry


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry as it is kept; ``version`` grows with each change of it, ``by`` (a user's id) made the last one."""

    entry: Entry
    version: int
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Change:
    """``before`` is None for an entry that was added, ``after`` for one that was removed."""

    at: datetime
    by: str
    entry: str
    before: Entry | None
    after: Entry | None


@dataclass(frozen=True, slots=True)
class Replaced:
    """What a new directory did to the old one, in entries."""

    added: int = 0
    changed: int = 0
    removed: int = 0
