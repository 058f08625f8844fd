"""What is written of entries, checked: the entries, and what is wrong, line by line. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2s
from typing import TypeVar

from crm.directory.csv_text import BODIES, NO, TELLERS, YES, Line
from crm.directory.hours_text import BadHours, read_hours
from kernel.centre import Hours
from kernel.directory import EXTENSION, Body, Entry, Teller
from kernel.phone_number import BadNumber, normalise

LONGEST = 100
LONGEST_LISTS = 500
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
SEPARATORS = re.compile(r"[、,,;;\n]")
DASHES = re.compile(r"[\u2010-\u2015\u2212\u30fc]")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the column ``field`` ("" for the line as a whole) of the line ``number``, in Japanese."""

    number: int
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The lines that are right, as entries in their order, and all problems. A line with a problem is no entry."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]


def check(lines: Iterable[Line], departments: Collection[str]) -> Checked:
    """``departments`` are the ids that may own cases. No id and no extension may stand twice."""
    entries: list[Entry] = []
    problems: list[Problem] = []
    seen: dict[tuple[str, str], int] = {}
    for line in lines:
        entry, wrong = read_entry(line, departments)
        wrong = wrong or (_twice(entry, line.number, seen) if entry else [])
        problems += wrong
        if entry and not wrong:
            entries.append(entry)
    return Checked(tuple(entries), tuple(problems))


def read_entry(line: Line, departments: Collection[str]) -> tuple[Entry | None, list[Problem]]:
    """The entry that ``line`` writes, or what is wrong with it."""
    reading = _Reading(line)
    entry = Entry(
        id=reading.text("id"),
        section=reading.text("section"),
        division=reading.text("division"),
        unit=reading.text("unit"),
        room=reading.text("room"),
        reading=reading.text("reading"),
        note=reading.text("note"),
        aliases=_list(reading.text("aliases", LONGEST_LISTS)),
        subjects=_list(reading.text("subjects", LONGEST_LISTS)),
        extension=_narrow(reading.text("extension")),
        transferable=reading.choice("transferable", {YES: True, NO: False}, bool(reading.text("extension"))),
        outside=_outside(reading),
        tellable=reading.choice("tellable", {YES: True, NO: False}, False),
        teller=reading.choice("teller", TELLERS, Teller.OPERATOR),
        hours=_hours(reading),
        department=reading.text("department"),
        body=reading.choice("body", BODIES, Body.CITY),
    )
    _judge(entry, reading, departments)
    return (None if reading.problems else _named(entry)), reading.problems


class _Reading:
    """One line, and what was found wrong in it so far."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self.problems: list[Problem] = []

    def wrong(self, field: str, text: str) -> None:
        self.problems.append(Problem(self._line.number, field, text))

    def text(self, field: str, longest: int = LONGEST) -> str:
        text = "".join(char for char in self._line.cells.get(field, "") if char >= " " or char == "\n").strip()
        if len(text) > longest:
            self.wrong(field, f"{longest}文字以内で書いてください。")
        return text

    def choice(self, field: str, choices: Mapping[str, V], usual: V) -> V:
        text = self.text(field)
        if text and text not in choices:
            self.wrong(field, f"「{text}」ではなく、{'か'.join(f'「{one}」' for one in choices)}と書いてください。")
        return choices.get(text, usual)


def _judge(entry: Entry, reading: _Reading, departments: Collection[str]) -> None:
    """What must hold of every entry."""
    if reading.text(""):
        reading.wrong("", "見出しより列が多くあります。")
    if not entry.section:
        reading.wrong("section", "課(または団体名)を書いてください。")
    if entry.id and not ID.fullmatch(entry.id):
        reading.wrong("id", "IDは英数字・ハイフン・点・下線(40文字まで)で書くか、空欄にしてください。")
    if entry.extension and not EXTENSION.fullmatch(entry.extension):
        reading.wrong("extension", f"内線「{entry.extension}」は、数字2〜8桁で書いてください。")
    if not entry.extension and not entry.outside:
        reading.wrong("extension", "内線か外線のどちらかを書いてください。")
    if entry.transferable and not entry.extension:
        reading.wrong("transferable", "内線がないときは、内線転送は「不可」です。")
    if entry.tellable and not entry.outside:
        reading.wrong("tellable", "外線がないときは、市民案内は「不可」です。")
    if entry.department and entry.department not in departments:
        reading.wrong("department", f"所管課「{entry.department}」はセンターの設定にありません。")


def _twice(entry: Entry, number: int, seen: dict[tuple[str, str], int]) -> list[Problem]:
    """The problems of an entry whose id or extension an earlier line has."""
    keys = [("id", entry.id), *([("extension", entry.extension)] if entry.extension else [])]
    word = {"id": "ID", "extension": "内線"}
    wrong = [
        Problem(number, field, f"{word[field]}「{value}」は{seen[field, value]}行目にもあります。")
        for field, value in keys
        if (field, value) in seen
    ]
    for key in keys:
        seen.setdefault(key, number)
    return wrong


def _outside(reading: _Reading) -> str:
    """As written, in one width. A spreadsheet that took it for a number has eaten its 0: that is told."""
    text = DASHES.sub("-", _narrow(reading.text("outside")))
    try:
        digits = normalise(text).digits if text else "0"
    except BadNumber:
        digits = ""
    if not digits.startswith(("0", "+")):
        reading.wrong("outside", "外線は0から始まる番号を、数字とハイフン(0466-00-0000)で書いてください。")
        return ""
    return text


def _hours(reading: _Reading) -> Hours | None:
    try:
        return read_hours(reading.text("hours", LONGEST_LISTS))
    except BadHours as wrong:
        reading.wrong("hours", f"{wrong}。")
        return None


def _named(entry: Entry) -> Entry:
    """With an id: an entry that came without one gets the same from the same file again."""
    if entry.id:
        return entry
    said = "\n".join((entry.division, entry.name, entry.extension, entry.outside))
    return replace(entry, id=f"e-{blake2s(said.encode(), digest_size=8).hexdigest()}")


def _list(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in SEPARATORS.split(text) if part.strip()))


def _narrow(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
