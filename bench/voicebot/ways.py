"""The ways to ask for a department (``ways.csv``): one part for tuning, other wordings for the figure alone."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

TUNING, FIGURE = "tuning", "figure"


@dataclass(frozen=True, slots=True)
class Way:
    """One sentence of a citizen. ``departments`` are ids of the seed's directory; any of them is right."""

    part: str
    kind: str
    departments: frozenset[str]
    text: str


def ways(part: str, sample: int | None = None) -> list[Way]:
    """Those of ``part``; or ``sample`` of them, always the same, and each sample within the larger ones."""
    with Path(__file__).with_name("ways.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            Way(row["part"], row["kind"], frozenset(row["departments"].split()), row["text"])
            for row in csv.DictReader(file)
        ]
    shuffled = sorted((row for row in rows if row.part == part), key=lambda row: crc32(row.text.encode()))
    return shuffled[:sample]
