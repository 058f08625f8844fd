"""Random histories of a small centre. ``--histories N`` runs that many, ``--processes`` at once.

In each, what ``bench.acd_watched`` says must hold at every decision and until every caller's journey has ended; one in
COMPARED_EVERY is also led through the plain model, decision by decision. All follows from the history's number, its
seed: ``--seed`` is the first, the rest follow. Prints one JSON object on its last line; what does not hold stops it and
names the seed.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from itertools import accumulate
from multiprocessing import Pool

from bench.acd_pair import Pair
from bench.acd_watched import NEAR_MIDNIGHT, NOON, Watched
from kernel.operator import OperatorState
from kernel.routing import OperatorSeat, Queue, Strategy

SKILLS = ("英語", "税", "戸籍")
QUEUES = ("enquiries", "exchange", "tax")
LENGTHS, SHARES = (range(1, 11), range(11, 41), range(41, 161), range(400, 801)), (50, 45, 4.9, 0.1)
"""Steps of a history, and how many of a hundred histories are so long."""
COMPARED_EVERY = 20
OF_A_CENTRE = 16
"""So many histories that follow each other begin in the same random centre."""
CHUNK = 320
DEEDS = ("call", "wish", "work", "time", "abandon", "phone", "document")
WEIGHTS = tuple(accumulate((8, 5, 9, 8, 2, 1, 0.4)))
WISHES = (OperatorState.READY, OperatorState.READY, OperatorState.READY, OperatorState.PAUSED, OperatorState.LOGGED_OUT)


def random_queues(rng: random.Random) -> list[Queue]:
    """Queues with every feature now and then."""
    return [_queue(rng, id) for id in QUEUES]


def _queue(rng: random.Random, id: str) -> Queue:
    needs = [_need(rng, skill) for skill in rng.sample(SKILLS, rng.choice((0, 0, 1, 2)))]
    to = {"announcement": "congested"}
    overflow = [{"when": "waited", "after": rng.choice((20, 90)), "to": to}] if rng.random() < 0.3 else []
    overflow += [{"when": "no_operator", "after": rng.choice((0, 15)), "to": to}] if rng.random() < 0.3 else []
    return Queue.model_validate(
        {
            "id": id,
            "label": id,
            "strategy": rng.choice(list(Strategy)),
            "priority": rng.choice((0, 0, 2)),
            "aging_seconds": rng.choice((None, 7, 30)),
            "needs": needs,
            "last_operator_seconds": rng.choice((0, 12)),
            "overflow": overflow,
        }
    )


def _need(rng: random.Random, skill: str) -> dict[str, object]:
    level = rng.randint(1, 4)
    lower = sorted(rng.sample(range(level), rng.randint(0, min(2, level))), reverse=True)
    after = sorted(rng.sample((5, 10, 15, 30, 60), len(lower)))
    return {
        "skill": skill,
        "level": level,
        "relax": [{"after": a, "level": b} for a, b in zip(after, lower, strict=True)],
    }


def random_seats(rng: random.Random) -> list[OperatorSeat]:
    """Six operators with some of the queues and skills."""
    return [
        OperatorSeat.model_validate(
            {
                "id": f"op{number}",
                "name": f"op{number}",
                "extension": str(7000 + number),
                "queues": rng.sample(QUEUES, rng.randint(1, 3)),
                "skills": {skill: rng.randint(1, 4) for skill in rng.sample(SKILLS, rng.randint(0, 3))},
                "order": {queue: rng.randint(1, 3) for queue in rng.sample(QUEUES, rng.randint(0, 2))},
            }
        )
        for number in range(6)
    ]


@dataclass(frozen=True, slots=True)
class Played:
    """What was done. ``compared``: histories led through the plain model too, with ``compared_decisions``."""

    histories: int = 0
    steps: int = 0
    callers: int = 0
    decisions: int = 0
    compared: int = 0
    compared_decisions: int = 0

    def __add__(self, other: Played) -> Played:
        return Played(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


def play(seed: int, *, compare: bool) -> Played:
    """One history, until every caller's journey has ended. Raises AssertionError, which names the seed."""
    rng = random.Random(seed)
    (length,) = rng.choices(LENGTHS, SHARES)
    steps = rng.choice(length)
    seats, queues = _centre(seed // OF_A_CENTRE)
    centre = (Pair if compare else Watched)(seats, queues, NEAR_MIDNIGHT if seed % 4 == 0 else NOON)
    try:
        for number in range(steps):
            step(centre, rng, number)
        centre.wind_up()
    except Exception as failed:
        raise AssertionError(f"the history of seed {seed} fails") from failed
    decisions = centre.decisions
    return Played(1, steps, len(centre.entered), decisions, int(compare), decisions if compare else 0)


def play_all(seeds: Iterable[int]) -> Played:
    """Every history of ``seeds``."""
    return sum((play(seed, compare=seed % COMPARED_EVERY == 0) for seed in seeds), Played())


@lru_cache(maxsize=2)
def _centre(number: int) -> tuple[list[OperatorSeat], list[Queue]]:
    rng = random.Random(f"centre {number}")
    return random_seats(rng), random_queues(rng)


def step(centre: Watched, rng: random.Random, number: int) -> None:
    """One thing that may happen in a centre."""
    operator = f"op{rng.randrange(6)}"
    match rng.choices(DEEDS, cum_weights=WEIGHTS)[0]:
        case "call":
            last = operator if rng.random() < 0.3 else None
            centre.wait(f"c-{number}", rng.choice(QUEUES), rng.choice((0, 0, 0, 1)), last)
        case "wish":
            centre.wish(operator, rng.choice(WISHES))
        case "work":
            _work(centre, rng, operator)
        case "time":
            centre.pass_time(rng.choice((0.5, 1, 5, 7, 15, 40)))
        case "abandon":
            calls = [*centre.waiting, *centre.rung]
            if calls:
                centre.abandon(rng.choice(calls))
        case "phone":
            centre.reach(f"700{rng.randrange(6)}", rng.random() < 0.6)
        case _:
            centre.arrange(random_seats(rng), random_queues(rng))


def _work(centre: Watched, rng: random.Random, operator: str) -> None:
    match centre.status(operator).state:
        case OperatorState.RINGING:
            (centre.answer if rng.random() < 0.7 else centre.miss)(operator)
        case OperatorState.TALKING | OperatorState.WRAP_UP:
            centre.end(operator)
        case _:
            centre.wish(operator, OperatorState.READY)


def _chunks(first: int, histories: int) -> Iterator[range]:
    for begins in range(first, first + histories, CHUNK):
        yield range(begins, min(begins + CHUNK, first + histories))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--histories", type=int, default=10_000)
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--processes", type=int, default=2)
    given = arguments.parse_args()
    begun = time.monotonic()
    with Pool(given.processes) as pool:
        played = sum(pool.imap_unordered(play_all, _chunks(given.seed, given.histories)), Played())
    seconds = round(time.monotonic() - begun, 1)
    seeds = [given.seed, given.seed + given.histories - 1]
    print(json.dumps({"seeds": seeds, **asdict(played), "failures": 0, "seconds": seconds}))


if __name__ == "__main__":
    main()
