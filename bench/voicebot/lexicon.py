"""The seed's directory as the voicebot knows it, and the plain text match that it is compared with."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from crm.directory.checking import check
from crm.directory.csv_text import read_lines
from ivr.seed_file import load
from ivr.understanding.from_directory import subjects_of
from ivr.understanding.lexicon import Subject
from ivr.understanding.wording import plain

SEEDS = Path(__file__).parents[2] / "ivr/seeds"


def subjects() -> tuple[Subject, ...]:
    """Of the seed's directory."""
    known = {one.id for one in load(SEEDS / "fujisawa.yaml").departments}
    return subjects_of(check(read_lines((SEEDS / "fujisawa-directory.csv").read_bytes()), known).entries)


def plain_match(text: str, among: Iterable[Subject]) -> str:
    """The id of the first subject that has the longest word which stands in ``text`` letter by letter; "" for none."""
    said = plain(text)
    found = [
        (len(word), one.id) for one in among for word in (one.label, *one.words, *one.further) if plain(word) in said
    ]
    return max(found, key=lambda pair: pair[0])[1] if found else ""
