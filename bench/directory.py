"""How long finding an entry of the directory takes, over 5,000 entries: names, readings, subjects, numbers, mistypings.

The entries are those of the seed file, told apart by number until there are enough, and each is looked for as an
operator would type it, letter by letter. Times are the process's own, without what others did on the machine meanwhile.
Prints one JSON object on its last line.
"""

from __future__ import annotations

import gc
import json
import random
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from crm.directory.checking import check
from crm.directory.csv_text import read_lines
from crm.directory.index import Index
from crm.directory.usage import Usage
from ivr.seed_file import load
from kernel.directory import Entry
from kernel.events import Event, EventKind, StoredEvent

SEEDS = Path(__file__).parents[1] / "ivr/seeds"
ENTRIES = 5_000
SEARCHES = 3_000
TRANSFERS = 20_000
OPERATORS = 30
NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)


def entries() -> tuple[Entry, ...]:
    """Those of the seed, again and again."""
    known = {one.id for one in load(SEEDS / "fujisawa.yaml").departments}
    seed = check(read_lines((SEEDS / "fujisawa-directory.csv").read_bytes()), known).entries
    found: list[Entry] = []
    while len(found) < ENTRIES:
        again, one = divmod(len(found), len(seed))
        number = str(10_000 + len(found))
        named = seed[one] if not again else replace(seed[one], section=f"{seed[one].section}第{again}分室")
        found.append(replace(named, id=f"e{number}", extension=number))
    return tuple(found)


def usage(rng: random.Random, of: tuple[Entry, ...]) -> Usage:
    """Of a quarter of a year: some are wanted often, most hardly ever."""
    popular = [int(rng.paretovariate(0.6)) % len(of) for _ in range(TRANSFERS)]
    return Usage(
        StoredEvent(
            id,
            Event(
                EventKind.HAND_OVER_STARTED,
                NOON - timedelta(minutes=TRANSFERS - id),
                "c",
                f"op{rng.randrange(OPERATORS)}",
                data={"extension": of[place].extension},
            ),
        )
        for id, place in enumerate(popular, start=1)
    )


def typed(rng: random.Random, of: tuple[Entry, ...]) -> Iterator[str]:
    """What operators type, each beginning of it."""
    while True:
        one = rng.choice(of)
        words = [one.section, one.unit, one.reading, *one.aliases, *one.subjects, one.extension]
        word = rng.choice([word for word in words if word])
        if rng.random() < 0.2 and len(word) > 3:
            gap = rng.randrange(1, len(word) - 1)
            word = word[:gap] + word[gap + 1 :]
        for length in range(1, min(len(word), 6) + 1):
            yield word[:length]


def main() -> None:
    rng = random.Random(911)
    every = entries()
    begun = time.thread_time_ns()
    index = Index(every)
    made_ms = (time.thread_time_ns() - begun) / 1e6
    used = usage(rng, every)
    words = typed(rng, every)
    gc.collect()
    times: list[float] = []
    for search in range(SEARCHES):
        word = next(words)
        begun = time.thread_time_ns()
        index.find(word, used, f"op{search % OPERATORS}")
        times.append((time.thread_time_ns() - begun) / 1e6)
    times.sort()
    figures = {
        "find_p50_ms": round(median(times), 2),
        "find_p99_ms": round(times[len(times) * 99 // 100], 2),
        "find_max_ms": round(times[-1], 2),
        "index_made_ms": round(made_ms, 1),
        "entries": len(every),
        "searches": SEARCHES,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
