"""The table of hard cases in docs/architecture.md names tests that are there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (\d+)( A)? \|[^|]*\|([^|]*)\|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
TEXT = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
LISTED = {*range(1, 31)}


def names_in(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {one.name for one in tree.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_hard_case_has_a_test_and_those_that_need_asterisk_have_one_on_a_real_one():
    rows = {int(number): (bool(real), cell) for number, real, cell in ROW.findall(TEXT)}
    assert set(rows) == LISTED
    for number, (real, cell) in rows.items():
        named = NAMED.findall(cell)
        assert named, f"case {number} names no test"
        assert not real or any(file.startswith("tests/asterisk/") for file, _ in named), f"case {number}"


def test_every_test_that_the_table_names_is_there():
    for file, test in NAMED.findall(TEXT):
        assert (ROOT / file).exists(), file
        assert not test or test in names_in(ROOT / file), f"{file}::{test}"
