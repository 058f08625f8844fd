"""What saving a history does to the case and the history that are there. Pure: it decides, ``crm.cases`` does."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime

from crm.errors import Changed, StoreError
from kernel.case import Case, CaseStatus, Citizen, History, HistoryDraft


class NoSuchHistory(StoreError):
    """The form is of a history that is not there."""


class HistoryChanged(Changed):
    """``history`` is what the other one wrote; nothing of the draft was stored, so it can be saved anew."""

    def __init__(self, history: History) -> None:
        super().__init__("this call's history", history.author, history.written)
        self.history = history


class CaseChanged(Changed):
    """``case`` is as the other one left it; nothing of the draft was stored."""

    def __init__(self, case: Case, by: str, at: datetime) -> None:
        super().__init__(f"case {case.number}", by, at)
        self.case = case


@dataclass(frozen=True, slots=True)
class Saved:
    """The case and history as stored. ``repeated``: this very draft was stored before, so nothing was changed."""

    case: Case
    history: History
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class StoredCase:
    """A case, and who changed it last."""

    case: Case
    changed: datetime
    changed_by: str


def repeats(draft: HistoryDraft, case: Case, history: History) -> bool:
    """Whether ``draft`` is what was stored last: a double click, or a form sent again after a lost answer."""
    said = (draft.author, draft.subject, draft.text, draft.outcome)
    stored = (history.author, history.subject, history.text, history.outcome)
    return (
        draft.version == history.version - 1
        and said == stored
        and draft.case in {None, history.case}
        and _as_drafted(draft, case) == case
    )


def new_case(draft: HistoryDraft, id: str, number: int, now: datetime) -> Case:
    matter = draft.department, draft.category, draft.follow_up
    return Case(id, number, now, _status(draft), draft.citizen, 1, *matter)


def next_case(draft: HistoryDraft, stored: StoredCase) -> Case:
    """The case that is there, with what the draft says. Raises CaseChanged."""
    case = stored.case
    if draft.case_version not in {0, case.version}:
        raise CaseChanged(case, stored.changed_by, stored.changed)
    return replace(_as_drafted(draft, case), version=case.version + 1)


def next_history(draft: HistoryDraft, before: History | None, case: Case, id: str, now: datetime) -> History:
    """The one history of the call, or of a form without one.

    Raises HistoryChanged where ``before`` is not what the form showed; NoSuchHistory.
    """
    if before is None and draft.version:
        raise NoSuchHistory("the history that was open in the form is no longer there: open the form anew")
    if before is not None and before.version != draft.version:
        raise HistoryChanged(before)
    return History(
        before.id if before else id,
        case.id,
        draft.call,
        draft.author,
        now,
        draft.subject,
        draft.text,
        draft.outcome,
        draft.version + 1,
    )


def _as_drafted(draft: HistoryDraft, case: Case) -> Case:
    """``case`` as the form leaves it: replaced where the form showed it, else filled in further."""
    matter = {"department": draft.department, "category": draft.category, "follow_up": draft.follow_up}
    if draft.case_version:
        return replace(case, status=_status(draft), citizen=draft.citizen, **matter)
    given = {field.name: getattr(draft.citizen, field.name) for field in fields(Citizen)}
    return replace(
        case,
        status=_status(draft),
        citizen=replace(case.citizen, **{name: value for name, value in given.items() if value}),
        **{name: value for name, value in matter.items() if value},
    )


def _status(draft: HistoryDraft) -> CaseStatus:
    return CaseStatus.CLOSED if draft.close_case else CaseStatus.OPEN
