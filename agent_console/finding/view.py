"""Answers as the page and the file show them. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent_console.figures.export import BYTE_ORDER_MARK, safe
from agent_console.words import CASE_STATUSES, date_and_time
from crm.finding.excerpt import Piece, excerpt, marked
from crm.finding.reading import Found

COLUMNS = (
    "案件番号",
    "種別",
    "状態",
    "日時",
    "窓口",
    "担当",
    "結果",
    "件名",
    "内容",
    "氏名",
    "ふりがな",
    "電話番号",
    "メール",
    "郵便番号",
    "住所",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One answer, with the words marked. ``facts`` are the citizen's fields that hold one, by label."""

    found: Found
    title: Sequence[Piece]
    text: Sequence[Piece]
    name: Sequence[Piece]
    facts: Sequence[tuple[str, Sequence[Piece]]]


def shown(found: Found, words: Sequence[str]) -> Shown:
    """``found`` as the page shows it: excerpts, and of the citizen the name and what was found."""
    history, citizen = found.history, found.case.citizen
    lines = [(label, marked(value, words)) for label, value in _facts(found) if value]
    return Shown(
        found,
        marked(history.subject, words) if history else (),
        excerpt(history.text, words) if history else (),
        marked(citizen.name, words),
        [(label, pieces) for label, pieces in lines if any(piece.hit for piece in pieces)],
    )


def csv_of(answers: Sequence[Found], queues: Mapping[str, str], authors: Mapping[str, str]) -> str:
    """A line for each answer, for a spreadsheet, which takes none of it for a formula."""
    text = io.StringIO()
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([safe(cell) for cell in _line(one, queues, authors)] for one in answers)
    return text.getvalue()


def _facts(found: Found) -> list[tuple[str, str]]:
    citizen = found.case.citizen
    return [
        ("ふりがな", citizen.reading),
        ("電話番号", citizen.phone.digits if citizen.phone else ""),
        ("メール", citizen.email),
        ("郵便番号", citizen.postal_code),
        ("住所", citizen.address),
        ("FAX", citizen.fax),
        ("職業", citizen.occupation),
        ("性別", citizen.sex),
        ("年齢", citizen.age),
    ]


def _line(found: Found, queues: Mapping[str, str], authors: Mapping[str, str]) -> list[str]:
    history, case, citizen = found.history, found.case, found.case.citizen
    return [
        str(case.number),
        "応対履歴" if history else "案件",
        CASE_STATUSES[case.status],
        date_and_time(history.written if history else case.opened),
        queues.get(found.queue or "", found.queue or ""),
        authors.get(history.author, history.author) if history else "",
        history.outcome if history else "",
        history.subject if history else "",
        history.text if history else "",
        citizen.name,
        citizen.reading,
        citizen.phone.digits if citizen.phone else "",
        citizen.email,
        citizen.postal_code,
        citizen.address,
    ]
