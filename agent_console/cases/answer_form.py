"""The form that adds a history without a call to a case, such as a department's answer. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from agent_console.desk.choices import NO_CHOICES, Choices
from agent_console.desk.form import LONGEST, legible
from kernel.case import Case, CaseStatus, Citizen, HistoryDraft

FIELDS = ("id", "subject", "text", "outcome", "department", "close_case")


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """``values`` are texts as typed, by field; ``problems`` what is wrong with a field.

    Its hidden ``id`` becomes the history's: the same form sent twice makes one history (hard case 27).
    """

    case: Case
    values: Mapping[str, str]
    problems: Mapping[str, str] = field(default_factory=dict[str, str])
    choices: Choices = NO_CHOICES
    drafted: datetime | None = None
    draft_version: int = 0


def blank(case: Case, id: str) -> AnswerForm:
    """As it opens, with the id that its history will have."""
    return AnswerForm(case, {"id": id, "department": case.department})


def filled_in(form: AnswerForm, posted: Mapping[str, str]) -> AnswerForm:
    """``form`` with what was ``posted`` into it, checked."""
    values = {name: legible(posted.get(name, "")).strip() for name in FIELDS}
    return replace(form, values=values, problems=_problems(values, form))


def draft(form: AnswerForm, author: str) -> HistoryDraft:
    """What is saved of a form without problems. A case that was closed stays so: only its own buttons open it."""
    values = form.values
    return HistoryDraft(
        call=None,
        author=author,
        citizen=Citizen(),
        subject=values["subject"],
        text=values["text"],
        outcome=values["outcome"],
        close_case=bool(values["close_case"]) or form.case.status is CaseStatus.CLOSED,
        case=form.case.id,
        department=values["department"],
        id=values["id"],
    )


def _problems(values: Mapping[str, str], form: AnswerForm) -> dict[str, str]:
    problems = {
        name: f"{limit}文字以内で入力してください。"
        for name, limit in (*LONGEST.items(), ("outcome", 100))
        if len(values.get(name, "")) > limit
    }
    if not values["subject"]:
        problems["subject"] = "件名を入力してください。"
    if not _is_id(values["id"]):
        problems["subject"] = "画面を開き直してください。"
    return problems | form.choices.problems(values, (form.case,))


def _is_id(text: str) -> bool:
    try:
        return UUID(text).hex == text
    except ValueError:
        return False
