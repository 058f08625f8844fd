"""The form that writes a call's history: what it shows, and what comes back from it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from agent_console.desk.choices import NO_CHOICES, Choices
from kernel.call import Call, Stage
from kernel.case import Case, CaseStatus, Citizen, FollowUp, History, HistoryDraft
from kernel.phone_number import BadNumber, PhoneNumber, normalise

LONGEST = {"text": 10_000, "subject": 200, "address": 300}
LONGEST_OTHER = 100
LINE_FIELDS = ("name", "reading", "sex", "age", "occupation", "postal_code", "address", "fax", "email")
CASE_FIELDS = ("department", "category", "follow_up_by", "follow_up_due")
FIELDS = (*LINE_FIELDS, *CASE_FIELDS, "phone", "case", "subject", "text", "outcome", "close_case")
VERSIONS = ("version", "case_version")
KEPT_CONTROLS = frozenset("\n\t")


@dataclass(frozen=True, slots=True)
class HistoryForm:
    """``values`` are texts as typed, by field; ``problems`` what is wrong with a field; ``saved`` the stored history.

    ``version`` and ``case_version`` are those of the stored rows that the form was opened with. ``drafted`` is when
    what it shows was kept as a draft, None where it shows none; ``draft_version`` and ``draft_window`` are its own.
    """

    call: Call
    cases: tuple[Case, ...]
    values: Mapping[str, str]
    version: int = 0
    case_version: int = 0
    saved: History | None = None
    problems: Mapping[str, str] = field(default_factory=dict[str, str])
    choices: Choices = NO_CHOICES
    drafted: datetime | None = None
    draft_version: int = 0
    draft_window: str = ""

    @property
    def at_hand(self) -> bool:
        """Whether its call is not over: this form has the access keys."""
        return self.call.stage is not Stage.ENDED


def blank(call: Call, cases: Sequence[Case], history: History | None, case: Case | None) -> HistoryForm:
    """The form as it opens: what is stored already, or the caller's number alone."""
    values = {"phone": call.number.digits if call.number else ""}
    if history and case:
        values = case_values(case) | {
            "case": case.id,
            "subject": history.subject,
            "text": history.text,
            "outcome": history.outcome,
            "close_case": "1" if case.status is CaseStatus.CLOSED else "",
        }
    known = tuple(cases) if case is None or case.id in {one.id for one in cases} else (case, *cases)
    return HistoryForm(
        call, known, values, history.version if history else 0, case.version if case and history else 0, history
    )


def with_draft(form: HistoryForm, fields: Mapping[str, str], at: datetime, version: int, window: str) -> HistoryForm:
    """``form`` with what was typed and kept, and the versions that it was typed upon."""
    known = {name: fields[name] for name in FIELDS if name in fields}
    versions = {name: number(fields[name]) for name in VERSIONS if name in fields}
    drafted = replace(form, values={**form.values, **known}, **versions)
    return replace(drafted, drafted=at, draft_version=version, draft_window=window)


def draft_fields(posted: Mapping[str, str]) -> dict[str, str]:
    """What a draft keeps of a posted form: its own fields, as typed, cut where even a draft is too long."""
    kept = {name: legible(posted[name])[: LONGEST["text"]] for name in (*FIELDS, *VERSIONS) if name in posted}
    return {"close_case": ""} | kept  # a box that is not checked is not sent


def case_values(case: Case) -> dict[str, str]:
    """The fields of ``case`` and its citizen as texts."""
    citizen, follow_up = case.citizen, case.follow_up
    lines = {name: str(getattr(citizen, name)) for name in LINE_FIELDS}
    return lines | {
        "phone": citizen.phone.digits if citizen.phone else "",
        "department": case.department,
        "category": case.category,
        "follow_up_by": follow_up.who if follow_up else "",
        "follow_up_due": follow_up.due.isoformat() if follow_up else "",
    }


def filled_in(form: HistoryForm, posted: Mapping[str, str]) -> HistoryForm:
    """``form`` with what was ``posted`` into it, checked."""
    values = {name: legible(posted.get(name, "")).strip() for name in FIELDS}
    return replace(
        form,
        values=values,
        version=number(posted.get("version", "")),
        case_version=number(posted.get("case_version", "")),
        problems=_problems(values, form),
    )


def draft(form: HistoryForm, author: str) -> HistoryDraft:
    """What is saved of a form without problems."""
    values = form.values
    due = _day(values["follow_up_due"])
    return HistoryDraft(
        call=form.call.id,
        author=author,
        citizen=citizen_of(values),
        subject=values["subject"],
        text=values["text"],
        outcome=values["outcome"],
        close_case=bool(values["close_case"]),
        case=values["case"] or None,
        version=form.version,
        case_version=form.case_version,
        department=values["department"],
        category=values["category"],
        follow_up=FollowUp(values["follow_up_by"], due) if due else None,
    )


def citizen_of(values: Mapping[str, str]) -> Citizen:
    """The citizen whom the fields describe; a number that is none, or not typed to its end, is left out."""
    lines = {name: legible(values.get(name, "")).strip()[: LONGEST["address"]] for name in LINE_FIELDS}
    try:
        phone = _phone(values.get("phone", ""))
    except BadNumber:
        phone = None
    return Citizen(**lines, phone=phone)


def _problems(values: Mapping[str, str], form: HistoryForm) -> dict[str, str]:
    problems = {
        name: f"{limit}文字以内で入力してください。"
        for name, value in values.items()
        if len(value) > (limit := LONGEST.get(name, LONGEST_OTHER))
    }
    if not values["subject"]:
        problems["subject"] = "件名を入力してください。"
    if values["case"] and values["case"] not in {case.id for case in form.cases}:
        problems["case"] = "選ばれた案件が見つかりません。"
    if values["follow_up_due"] and _day(values["follow_up_due"]) is None:
        problems["follow_up_due"] = "期限は年月日で入力してください。"
    if values["follow_up_by"] and not values["follow_up_due"]:
        problems["follow_up_due"] = "対応者を選んだときは、期限も入力してください。"
    try:
        _phone(values["phone"])
    except BadNumber:
        problems["phone"] = "電話番号は数字(2〜15桁)とハイフンで入力してください。"
    return problems | form.choices.problems(values, form.cases)


def _phone(text: str) -> PhoneNumber | None:
    return normalise(text) if text.strip() else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def legible(text: str) -> str:
    """One kind of line end, no control characters: a NUL can't be stored."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in lines if char >= " " or char in KEPT_CONTROLS)


def number(text: str) -> int:
    """A version as a form sends it; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
