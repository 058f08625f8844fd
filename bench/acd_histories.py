"""Random histories of a small centre: the distribution against the plain model. ``--histories N`` runs that many.

Prints one JSON object on its last line. A difference stops it and names the seed.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from multiprocessing import Pool

from bench.acd_pair import NEAR_MIDNIGHT, NOON, Pair
from kernel.operator import OperatorState
from kernel.routing import OperatorSeat, Queue, Strategy

SKILLS = ("英語", "税", "戸籍")
QUEUES = ("enquiries", "exchange", "tax")
STEPS = 40
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


def play(seed: int, steps: int = STEPS) -> int:
    """One history; returns how many decisions were compared."""
    rng = random.Random(seed)
    pair = Pair(random_seats(rng), random_queues(rng), NEAR_MIDNIGHT if seed % 4 == 0 else NOON)
    try:
        for number in range(steps):
            step(pair, rng, number)
    except Exception as failed:
        raise AssertionError(f"the history of seed {seed} fails") from failed
    return pair.decisions


def step(pair: Pair, rng: random.Random, number: int) -> None:
    """One thing that may happen in a centre."""
    operator = f"op{rng.randrange(6)}"
    match rng.choices(("call", "wish", "work", "time", "abandon", "phone", "document"), (8, 5, 9, 8, 2, 1, 0.4))[0]:
        case "call":
            last = operator if rng.random() < 0.3 else None
            pair.wait(f"c-{number}", rng.choice(QUEUES), rng.choice((0, 0, 0, 1)), last)
        case "wish":
            pair.wish(operator, rng.choice(WISHES))
        case "work":
            _work(pair, rng, operator)
        case "time":
            pair.pass_time(rng.choice((0.5, 1, 5, 7, 15, 40)))
        case "abandon":
            calls = [*pair.plain.calls, *pair.rung]
            if calls:
                pair.abandon(rng.choice(calls))
        case "phone":
            pair.reach(f"700{rng.randrange(6)}", rng.random() < 0.6)
        case _:
            pair.arrange(random_seats(rng), random_queues(rng))


def _work(pair: Pair, rng: random.Random, operator: str) -> None:
    match pair.status(operator).state:
        case OperatorState.RINGING:
            (pair.answer if rng.random() < 0.7 else pair.miss)(operator)
        case OperatorState.TALKING | OperatorState.WRAP_UP:
            pair.end(operator)
        case _:
            pair.wish(operator, OperatorState.READY)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--histories", type=int, default=10_000)
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--processes", type=int, default=1)
    given = arguments.parse_args()
    begun = time.monotonic()
    seeds = range(given.seed, given.seed + given.histories)
    with Pool(given.processes) as pool:
        decisions = sum(pool.imap_unordered(play, seeds, chunksize=50))
    seconds = round(time.monotonic() - begun, 1)
    print(json.dumps({"histories": given.histories, "decisions": decisions, "differences": 0, "seconds": seconds}))


if __name__ == "__main__":
    main()
