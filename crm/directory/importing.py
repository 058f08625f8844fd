"""A file becomes the directory, whole, or it is told line by line what is wrong with it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from crm.directory.checking import Checked, Problem, check
from crm.directory.csv_text import COLUMNS, Unreadable, read_lines
from crm.directory.directory import Directory
from crm.directory.values import Replaced

HEADS = {field: head for head, field in COLUMNS.items()}


@dataclass(frozen=True, slots=True)
class Imported:
    """``replaced`` is None where nothing was imported, because something was wrong."""

    problems: tuple[Problem, ...]
    replaced: Replaced | None = None

    @property
    def lines(self) -> int:
        """How many lines have a problem."""
        return len({problem.number for problem in self.problems})


def read_file(file: bytes, departments: Collection[str]) -> Checked:
    """The entries of ``file`` (``crm.directory.csv_text``), and all that is wrong. Raises Unreadable."""
    lines = read_lines(file)
    if not lines:
        raise Unreadable("見出しの下に1行もありません。取り込むと番号表が空になるため、何もしませんでした。")
    return check(lines, departments)


async def import_file(
    directory: Directory,
    file: bytes,
    departments: Collection[str],
    *,
    by: str,
    now: datetime,
    skip_wrong: bool = False,
) -> Imported:
    """Make ``file`` the directory; lines that are wrong are left out where ``skip_wrong`` asks for it, else nothing
    is imported. Raises Unreadable."""
    checked = read_file(file, departments)
    if checked.problems and not (skip_wrong and checked.entries):
        return Imported(checked.problems)
    return Imported(checked.problems, await directory.replace(checked.entries, by=by, now=now))


def told(problem: Problem) -> str:
    """One problem as a line: 3行目 内線: …"""
    head = HEADS.get(problem.field, "")
    return f"{problem.number}行目{f' {head}' if head else ''}: {problem.text}"
