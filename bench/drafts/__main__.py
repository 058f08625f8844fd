"""``python -m bench.drafts``: what drafts of synthetic talks cost, at the lowest priority, and how right they are.

``--talks N`` takes N talks (each its own two voices and subject; then again with other voices). The goal is 0.5 seconds
for a second of talk, from the request to the draft, the process's start with it. One JSON object, last line.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from rapidfuzz.distance import Levenshtein

from bench.drafts.scripts import SCRIPTS
from bench.drafts.talk import Talk, talk
from bench.voicebot.voices import VOICES
from bench.voicebot.ways import FIGURE
from crm.directory.checking import check
from crm.directory.csv_text import read_lines
from ivr.drafting.process import Drafting
from ivr.hearing.rules import Engine
from ivr.seed_file import load
from ivr.understanding.wording import plain
from kernel.directory import Entry
from kernel.settings import Settings
from kernel.talk_draft import TalkDraft

GOAL = 0.5
SEEDS = Path(__file__).parents[2] / "ivr/seeds"
NOTE = "synthetic voices, one after the other, over a quiet line: people are told apart and understood less often"


@dataclass(frozen=True, slots=True)
class Made:
    """A draft of ``talk``, which was about ``section``; it took ``seconds``, and ``work`` of a processor."""

    talk: Talk
    section: str
    draft: TalkDraft
    seconds: float
    work: float


def entries() -> tuple[Entry, ...]:
    """Of the seed's directory."""
    known = {one.id for one in load(SEEDS / "fujisawa.yaml").departments}
    return check(read_lines((SEEDS / "fujisawa-directory.csv").read_bytes()), known).entries


async def make(count: int, folder: Path) -> list[Made]:
    """``count`` talks, one after the other, each by voices that are not those of the one before."""
    drafting = Drafting(Engine("whisper", Settings().cache_dir / "models", threads=1), longest_seconds=3600)
    known, made = entries(), list[Made]()
    voices = [(one, other) for one in VOICES[FIGURE] for other in VOICES[FIGURE] if one.name < other.name]
    for (section, lines), (operator, citizen) in islice(zip(cycle(SCRIPTS.items()), voices, strict=False), count):
        spoken = talk(lines, operator, citizen)
        file = spoken.record(folder / "talk.wav")
        begun, used = time.monotonic(), _work()
        draft = await drafting([file], known)
        made.append(Made(spoken, section, draft, time.monotonic() - begun, _work() - used))
    return made


def _work() -> float:
    """Processor time of the workers that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def right_sides(one: Made) -> float:
    """The share of what was heard, by its length, that has its own side; who was not told apart is not right."""
    heard = [(line.ended - line.at, line.side is one.talk.speaker(line.at, line.ended)) for line in one.draft.spoken]
    return sum(length for length, right in heard if right) / sum(length for length, _ in heard)


def letters_right(one: Made) -> float:
    """1 less the letters that are wrong, missing or too many, of those that were said."""
    said = plain("".join(text for _, text in SCRIPTS[one.section]))
    heard = plain("".join(line.text for line in one.draft.spoken))
    return 1 - Levenshtein.distance(said, heard) / len(said)


def report(made: Sequence[Made], load_before: float) -> dict[str, object]:
    """Figures of all; times are seconds for a second of talk."""
    seconds = sum(one.talk.seconds for one in made)
    slowest = max(one.seconds / one.talk.seconds for one in made)
    return {
        "seconds_per_second": round(sum(one.seconds for one in made) / seconds, 3),
        "slowest_talk": round(slowest, 3),
        "work_seconds_per_second": round(sum(one.work for one in made) / seconds, 3),
        "goal": GOAL,
        "reached": slowest <= GOAL,
        "right_sides": round(sum(map(right_sides, made)) / len(made), 3),
        "letters_right": round(sum(map(letters_right, made)) / len(made), 3),
        "right_section": round(sum(one.draft.section == one.section for one in made) / len(made), 3),
        "talks": len(made),
        "talk_seconds": round(seconds, 1),
        "processors": os.cpu_count(),
        "load_before_and_after": [round(load_before, 1), round(os.getloadavg()[0], 1)],
        "note": NOTE,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--talks", type=int, default=6)
    given = parser.parse_args()
    load_before = os.getloadavg()[0]
    with TemporaryDirectory() as folder:
        made = asyncio.run(make(given.talks, Path(folder)))
    print(json.dumps(report(made, load_before), ensure_ascii=False))


if __name__ == "__main__":
    main()
