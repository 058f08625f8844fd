"""取次(エスカレーション): what a department is given of a call that it did not take (T9). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from agent_console.desk.background import IN_VAIN
from agent_console.desk.form import HistoryForm, filled_in
from agent_console.journey.wording import reason
from agent_console.transfer_words import reason as of_transfer
from agent_console.words import clock_time
from crm.case_finder import Earlier
from crm.directory.index import Index
from kernel.directory import Entry
from kernel.events import Event, EventKind

OUTCOME = "所管課へ取次"
TRIED = frozenset({EventKind.HAND_OVER_STARTED, EventKind.HAND_OVER_FAILED, EventKind.CONSULT_ENDED})
"""The events that say where the caller was tried to be put through to."""

TYPED = ("name", "phone", "subject", "text", "department", "follow_up_due")
NO_DEPARTMENT = "取次先の所管課を選んでください。"


def tried(events: Iterable[Event], index: Index) -> list[str]:
    """Where it was tried and what came of it, a line each, oldest first."""
    return [
        f"{clock_time(event.at)} {_named(str(event.data.get('extension') or ''), index)}: {_came_of(event)}"
        for event in events
        if event.kind in IN_VAIN
    ]


def last_tried(events: Iterable[Event], index: Index) -> Entry | None:
    """The entry that was tried last."""
    extensions = [str(event.data.get("extension") or "") for event in events if event.kind in TRIED]
    return index.at(extensions[-1]) if extensions else None


def opened(form: HistoryForm, to: Entry | None, earlier: Earlier, today: date) -> dict[str, str]:
    """The fields as they open: what is known and typed already, and the department that ``to`` belongs to."""
    known = next((case.citizen.name for case in earlier.cases if case.citizen.name), "")
    typed = {name: form.values.get(name, "") for name in TYPED}
    return typed | {
        "name": typed["name"] or known,
        "subject": typed["subject"] or (f"{to.name}への取次" if to else ""),
        "department": (to.department if to else "") or typed["department"],
        "follow_up_due": typed["follow_up_due"] or today.isoformat(),
    }


def handed_on(form: HistoryForm, posted: Mapping[str, str], to: Entry | None, said: Iterable[str]) -> HistoryForm:
    """``form`` as it is saved: open, the department's, with what was asked and where it was tried."""
    given = {name: posted.get(name, "") for name in TYPED}
    where = f"【取次】{to.name}{f'(内線{to.extension})' if to.extension else ''}" if to else "【取次】"
    lines = [given["text"].strip(), where, *(f"転送: {line}" for line in said)]
    values = {**form.values, **given, "text": "\n".join(line for line in lines if line)}
    versions = {"version": str(form.version), "case_version": str(form.case_version)}
    return filled_in(form, {**values, **versions, "outcome": OUTCOME, "close_case": "", "follow_up_by": ""})


def problems(form: HistoryForm) -> dict[str, str]:
    """What is wrong, by field: as of any history, and it needs a department."""
    return {**form.problems, **({} if form.values.get("department") else {"department": NO_DEPARTMENT})}


def _came_of(event: Event) -> str:
    """One that was asked, and told the operator that it can't take the call, was called off by the operator."""
    if event.kind is EventKind.HAND_OVER_FAILED:
        return reason(event)
    why = event.data.get("why")
    return "相談のみ" if why == "cancelled" else of_transfer(why)


def _named(extension: str, index: Index) -> str:
    entry = index.at(extension)
    return f"{entry.name}(内線{extension})" if entry else f"内線{extension}"
