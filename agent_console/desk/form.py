"""The form that writes a call's history: what it shows, and what comes back from it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from kernel.call import Call
from kernel.case import Case, CaseStatus, Citizen, History, HistoryDraft
from kernel.phone_number import BadNumber, PhoneNumber, normalise

LONGEST = {"text": 10_000, "subject": 200, "address": 300}
LONGEST_OTHER = 100
LINE_FIELDS = ("name", "reading", "sex", "age", "occupation", "postal_code", "address", "fax", "email")
KEPT_CONTROLS = frozenset("\n\t")


@dataclass(frozen=True, slots=True)
class HistoryForm:
    """``values`` are texts as typed, by field; ``problems`` what is wrong with a field; ``saved`` the stored history.

    ``version`` and ``case_version`` are those of the stored rows that the form was opened with.
    """

    call: Call
    cases: tuple[Case, ...]
    values: Mapping[str, str]
    version: int = 0
    case_version: int = 0
    saved: History | None = None
    problems: Mapping[str, str] = field(default_factory=dict[str, str])


def blank(call: Call, cases: Sequence[Case], history: History | None, case: Case | None) -> HistoryForm:
    """The form as it opens: what is stored already, or the caller's number alone."""
    values = {"phone": call.number.digits if call.number else ""}
    if history and case:
        values = citizen_values(case.citizen) | {
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


def citizen_values(citizen: Citizen) -> dict[str, str]:
    """The fields of ``citizen`` as texts."""
    lines = {name: str(getattr(citizen, name)) for name in LINE_FIELDS}
    return lines | {"phone": citizen.phone.digits if citizen.phone else ""}


def filled_in(form: HistoryForm, posted: Mapping[str, str]) -> HistoryForm:
    """``form`` with what was ``posted`` into it, checked."""
    names = (*LINE_FIELDS, "phone", "case", "subject", "text", "outcome", "close_case")
    values = {name: _clean(posted.get(name, "")) for name in names}
    return replace(
        form,
        values=values,
        version=_number(posted.get("version", "")),
        case_version=_number(posted.get("case_version", "")),
        problems=_problems(values, form.cases),
    )


def draft(form: HistoryForm, author: str) -> HistoryDraft:
    """What is saved of a form without problems."""
    values = form.values
    lines = {name: values[name] for name in LINE_FIELDS}
    return HistoryDraft(
        call=form.call.id,
        author=author,
        citizen=Citizen(**lines, phone=_phone(values["phone"])),
        subject=values["subject"],
        text=values["text"],
        outcome=values["outcome"],
        close_case=bool(values["close_case"]),
        case=values["case"] or None,
        version=form.version,
        case_version=form.case_version,
    )


def _problems(values: Mapping[str, str], cases: Sequence[Case]) -> dict[str, str]:
    problems = {
        name: f"{limit}文字以内で入力してください。"
        for name, value in values.items()
        if len(value) > (limit := LONGEST.get(name, LONGEST_OTHER))
    }
    if not values["subject"]:
        problems["subject"] = "件名を入力してください。"
    if values["case"] and values["case"] not in {case.id for case in cases}:
        problems["case"] = "選ばれた案件が見つかりません。"
    try:
        _phone(values["phone"])
    except BadNumber:
        problems["phone"] = "電話番号は数字(2〜15桁)とハイフンで入力してください。"
    return problems


def _phone(text: str) -> PhoneNumber | None:
    return normalise(text) if text else None


def _clean(text: str) -> str:
    """One kind of line end, no control characters (a NUL can't be stored), no blanks around."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in lines if char >= " " or char in KEPT_CONTROLS).strip()


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
