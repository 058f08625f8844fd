"""A directory as a spreadsheet in Japan writes it: CSV in UTF-8, with or without byte order mark, or CP932. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from crm.directory.hours_text import write_hours
from kernel.directory import Body, Entry, Teller

COLUMNS: Mapping[str, str] = {
    "ID": "id",
    "区分": "body",
    "部": "division",
    "課": "section",
    "係": "unit",
    "部屋": "room",
    "よみ": "reading",
    "別名": "aliases",
    "用件": "subjects",
    "内線": "extension",
    "内線転送": "transferable",
    "外線": "outside",
    "市民案内": "tellable",
    "案内方法": "teller",
    "受付時間": "hours",
    "所管課": "department",
    "備考": "note",
}
"""The heads of the columns, and the fields below them. A file may leave out all but NEEDED."""

NEEDED = ("課", "内線")
BODIES = {"市": Body.CITY, "関係団体": Body.RELATED}
TELLERS = {"口頭": Teller.OPERATOR, "自動音声": Teller.SYSTEM}
YES, NO = "可", "不可"
BYTE_ORDER_MARK = "\ufeff"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
SEPARATOR = "、"


class Reader(Protocol):
    """What ``csv.reader`` makes; ``line_num`` counts the lines read so far."""

    @property
    def line_num(self) -> int: ...

    def __iter__(self) -> Iterator[list[str]]: ...


class Unreadable(ValueError):
    """The file as a whole can't be read; the text says, in Japanese, what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line as written: ``number`` is where it begins in the file (the heads are in 1), ``cells`` by field."""

    number: int
    cells: Mapping[str, str]


def read_lines(file: bytes) -> list[Line]:
    """The lines below the heads; empty ones are left out. Raises Unreadable."""
    reader = csv.reader(io.StringIO(_text(file), newline=""), strict=True)
    try:
        heads = [head.strip() for head in next(reader, list[str]())]
        fields = _fields(heads)
        return list(_lines(reader, fields))
    except csv.Error as wrong:
        raise Unreadable(f"{reader.line_num}行目がCSVとして読めません。引用符を確かめてください。") from wrong


def write(entries: Iterable[Entry]) -> str:
    """As ``read_lines`` reads it, with a byte order mark: without it Excel takes UTF-8 for CP932."""
    text = io.StringIO()
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([_safe(cell) for cell in cells_of(entry).values()] for entry in entries)
    return text.getvalue()


def cells_of(entry: Entry) -> dict[str, str]:
    """``entry`` as the texts of its columns, by field: also what a form shows."""
    texts = {field: str(getattr(entry, field)) for field in COLUMNS.values()}
    return texts | {
        "body": _name(BODIES, entry.body),
        "teller": _name(TELLERS, entry.teller) if entry.outside else "",
        "aliases": SEPARATOR.join(entry.aliases),
        "subjects": SEPARATOR.join(entry.subjects),
        "transferable": YES if entry.transferable else NO,
        "tellable": YES if entry.tellable else NO,
        "hours": write_hours(entry.hours),
    }


def _text(file: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = file.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable("文字コードがUTF-8でもシフトJISでもありません。Excelでは「CSV UTF-8」で保存してください。")


def _fields(heads: list[str]) -> list[str]:
    missing = [head for head in NEEDED if head not in heads]
    if missing:
        raise Unreadable(f"1行目(見出し)に「{'」「'.join(missing)}」の列がありません。")
    strange = [head for head in heads if head and head not in COLUMNS]
    if strange:
        raise Unreadable(
            f"1行目(見出し)の「{'」「'.join(strange)}」は分からない列です。列名は{'・'.join(COLUMNS)}です。"
        )
    twice = sorted({head for head in heads if head and heads.count(head) > 1})
    if twice:
        raise Unreadable(f"1行目(見出し)に「{'」「'.join(twice)}」の列が2つあります。")
    return [COLUMNS.get(head, "") for head in heads]


def _lines(reader: Reader, fields: list[str]) -> Iterator[Line]:
    before = 1
    for row in reader:
        number, before = before + 1, reader.line_num
        cells = {field: _plain(cell) for field, cell in zip(fields, row, strict=False) if field}
        if any(cells.values()):
            more = "".join(row[len(fields) :]).strip()
            yield Line(number, cells | {"": more} if more else cells)


def _plain(cell: str) -> str:
    """Without what keeps a spreadsheet from taking it for a formula (``_safe``)."""
    return (cell[1:] if cell.startswith("'") and _is_risky(cell[1:]) else cell).strip()


def _safe(cell: str) -> str:
    return f"'{cell}" if _is_risky(cell) else cell


def _is_risky(cell: str) -> bool:
    """Whether it is a formula for a spreadsheet, or would be read as one that was made safe."""
    return cell.lstrip("'").startswith(FORMULA)


def _name(names: Mapping[str, object], value: object) -> str:
    return next(name for name, one in names.items() if one == value)
