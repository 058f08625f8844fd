"""A draft of a call's history, made by machine from the recording of its talk: who said what, and what it was about.

All of it is personal data: it is stored sealed, goes with the recordings, and stands in no log and no event.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from kernel.recording import Recording

MOST_TRIES = 2
"""What ended a worker twice ends it a third time; nobody waits for ever."""


class Side(StrEnum):
    """Who spoke; unknown where two voices could not be told apart."""

    CITIZEN = "citizen"
    OPERATOR = "operator"
    UNKNOWN = "unknown"


class MarkKind(StrEnum):
    """What a mark points out."""

    SUBJECT = "subject"
    NAME = "name"
    PHONE = "phone"
    POSTAL_CODE = "postal_code"


class DraftState(StrEnum):
    """Where a draft is. A call without a row has none: its talk was not recorded, or drafts are off."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"
    TOO_LONG = "too_long"
    SILENT = "silent"  # nothing was said, or nothing recognised


@dataclass(frozen=True, slots=True)
class Mark:
    """Letters ``begins`` to ``ends`` of a text; ``value`` is what they stand for, as digits of a spoken number."""

    kind: MarkKind
    begins: int
    ends: int
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What one side said from ``at`` to ``ended`` (seconds of the recording)."""

    side: Side
    at: float
    ended: float
    text: str = field(repr=False)
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class TalkDraft:
    """``subject`` is a likely 件名; ``department`` the id of the likely owner in the centre's document, ``section`` its
    name in the directory, ``confidence`` (0 to 1) that of both. "" where nothing is likely enough."""

    spoken: tuple[Spoken, ...]
    subject: str = field(default="", repr=False)
    section: str = ""
    department: str = ""
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class DueDraft:
    """``call`` waits for a draft of ``recordings``, which have stopped, in the order in which they were made."""

    call: str
    recordings: tuple[Recording, ...]

    @property
    def until(self) -> datetime:
        """When the last of them stopped."""
        return max(one.stopped for one in self.recordings if one.stopped)


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """What the store has for ``call``: made of the talks that had ended at ``until``, in the ``tries``-th try."""

    call: str
    state: DraftState
    until: datetime
    tries: int
    draft: TalkDraft | None = None


def draft_of(fields: Mapping[str, Any]) -> TalkDraft:
    """As ``dataclasses.asdict`` wrote it to JSON."""
    return TalkDraft(
        tuple(_spoken(one) for one in fields["spoken"]),
        fields["subject"],
        fields["section"],
        fields["department"],
        fields["confidence"],
    )


def _spoken(fields: Mapping[str, Any]) -> Spoken:
    marks = tuple(Mark(MarkKind(one["kind"]), one["begins"], one["ends"], one["value"]) for one in fields["marks"])
    return Spoken(Side(fields["side"]), fields["at"], fields["ended"], fields["text"], marks)
